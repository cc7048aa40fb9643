import { readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeZip } from '../../builder/export/zip-writer.ts';
import { importSequences } from '../../builder/import/import-sequences.ts';
import { readSource } from '../../builder/import/read-source.ts';
import type { SequenceReport } from '../../builder/import/report.ts';
import { isMediasmithError } from '../../runtime/contract/errors.ts';
import { RecordedMachine } from '../../runtime/contract/recorded-machine.ts';
import { loadSequence } from '../../runtime/sequence/load.ts';
import { simulate } from '../../runtime/simulation/simulate.ts';
import { cli } from '../helpers/cli.ts';
import { sequenceSamples } from '../helpers/sequence-samples.ts';
import { ROOT } from '../helpers/sources.ts';
import { temporaryFolder, writeFiles } from '../helpers/temporary-folder.ts';
import { escapeXml, sequenceXml, stepXml } from '../unit/builder/import/source-xml.ts';

const SAMPLES = sequenceSamples();

/** The first and the last install applications in the running Windows, the others ask WMI what no inventory has. */
const REASONS_OF_THEIR_OWN = ['Testing-MDT', 'WIN10_01', 'WIN10_02', 'INSTALL-APPS'];

describe.skipIf(SAMPLES.length === 0)(
  'sequences of real deployments (skipped where the samples are not at hand)',
  () => {
    it('are imported without a crash, every step accounted for, and are valid', async () => {
      const reports: SequenceReport[] = [];
      const refused: string[] = [];
      for (const file of SAMPLES) {
        try {
          for (const { id, text, report } of importSequences(await readSource(file), file).sequences) {
            const { sequence, problems } = loadSequence(text, `${id}.yaml`);
            expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
            expect(sequence?.id).toBe(id);
            reports.push(report);
          }
        } catch (error) {
          if (!isMediasmithError(error)) throw error;
          expect(error.code).toBe('IMPORT_INVALID');
          refused.push(basename(file));
        }
      }
      const count = (of: (report: SequenceReport) => number): number => reports.reduce((sum, one) => sum + of(one), 0);
      const [steps, taken, left] = [
        count(({ steps }) => steps),
        count(({ takenOver }) => takenOver),
        count((one) => one.leftOut.length),
      ];
      const unknown = count(
        ({ leftOut }) => leftOut.filter(({ reason }) => /not known here|cannot be written here/.test(reason)).length,
      );
      const named = (100 * (taken + left - unknown)) / steps;
      process.stdout.write(
        `${SAMPLES.length} files, ${reports.length} sequences, ${steps} steps: ${taken} taken over, ${left} left out, ${named.toFixed(2)}% of them or left out with a named reason\n`,
      );
      expect(refused.filter((name) => !name.endsWith('Manifest.xml'))).toEqual([]);
      expect(taken + left).toBe(steps);
      expect(steps).toBeGreaterThan(4000);
      expect(named).toBeGreaterThanOrEqual(95);
    });

    it('of MDT reach their end on a new computer, but for those with a reason of their own', async () => {
      const recorded = await readFile(join(ROOT, 'templates/machines/laptop-uefi-tpm.json'), 'utf8');
      const machine = RecordedMachine.parse(JSON.parse(recorded));
      const files = SAMPLES.filter((file) => /(ts|PSD\w+)\.xml$/i.test(file));
      const failed: string[] = [];
      for (const file of files) {
        const { sequences } = importSequences(await readSource(file), file);
        for (const { id, text } of sequences) {
          const { sequence } = loadSequence(text, `${id}.yaml`);
          if (sequence === undefined) throw new Error(`${file} was not imported`);
          const { signal } = new AbortController();
          const { result } = await simulate({ sequence, machine, variables: [], failures: new Map(), signal });
          if (result === 'failed') failed.push(nameOf(file));
        }
      }
      process.stdout.write(`${files.length} sequences of MDT, ${files.length - failed.length} reach their end\n`);
      expect(failed).toEqual(REASONS_OF_THEIR_OWN);
    });

    it('keep their disabled steps disabled and their names', async () => {
      const file = SAMPLES.find((name) => name.endsWith('WINDOWS8DEPLOY~ts.xml')) ?? '';
      const { sequences } = importSequences(await readSource(file), file);
      expect(sequences[0]?.text).toMatch(/- step: install-updates\n +name: Apply Patches\n +enabled: false/);
    });
  },
);

/** What a sample is called: its name is the path it was published at. */
function nameOf(file: string): string {
  const parts = basename(file).split(/~|__/);
  return parts.findLast((part) => !/^ts\.xml$/i.test(part)) ?? '';
}

const TS = sequenceXml(
  stepXml({ name: 'Run it', action: 'smsswd.exe /run:ABC00001 setup.exe' }),
  stepXml({
    name: 'Room',
    type: 'SMS_TaskSequence_SetVariableAction',
    variables: { VariableName: 'Key', VariableValue: 'hunter2', DoNotShowVariableValue: 'true' },
  }),
  stepXml({ name: 'Drivers', type: 'SMS_TaskSequence_AutoApplyAction' }),
);

function instanceXml(id: string, name: string, sequence: string): string {
  const property = (key: string, value: string): string => `<PROPERTY NAME="${key}"><VALUE>${value}</VALUE></PROPERTY>`;
  return `<INSTANCE CLASSNAME="X">${property('PackageID', id)}${property('Name', name)}${property('Sequence', sequence)}</INSTANCE>`;
}

describe('sequence import', () => {
  it('prints one document, and asks what is to become of a file that is there', async () => {
    const folder = await temporaryFolder();
    await writeFiles(folder, { 'ts.xml': TS });
    const args = ['sequence', 'import', join(folder, 'ts.xml'), '--out', join(folder, 'out'), '--json'];
    const { exitCode, stdout } = await cli(args);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      sequences: [
        {
          file: 'a-sequence.yaml',
          name: 'A sequence',
          steps: 3,
          takenOver: 2,
          changed: [
            {
              step: 'Room',
              type: 'SMS_TaskSequence_SetVariableAction',
              what: 'its value is secret and not taken over',
            },
          ],
          leftOut: [{ step: 'Drivers', type: 'SMS_TaskSequence_AutoApplyAction', reason: expect.any(String) }],
        },
      ],
      toSupply: [{ kind: 'package', id: 'ABC00001', name: 'abc00001' }],
      passwords: [{ step: 'Room', field: 'Key' }],
      kept: [],
    });
    const again = await cli(args);
    expect(again.exitCode).toBe(2);
    expect(JSON.parse(again.stdout)).toMatchObject({
      error: { code: 'OUTPUT_EXISTS', hint: expect.stringContaining('--existing') },
    });
    expect((await cli([...args, '--existing', 'new'])).exitCode).toBe(0);
    expect((await readdir(join(folder, 'out'))).sort()).toEqual(['a-sequence-2.yaml', 'a-sequence.yaml']);
    const text = (await cli(args.slice(0, -1).concat('--existing', 'overwrite'))).stdout;
    expect(text).toContain('2 of 3 steps taken over, 1 left out');
    expect(text).toContain('package abc00001 (ABC00001)');
    expect((await cli(['validate', join(folder, 'out', 'a-sequence.yaml')])).exitCode).toBe(0);
  });

  it('reads an export with a child, in UTF-16, and names what it refers to', async () => {
    const folder = await temporaryFolder();
    const call = stepXml({
      tag: 'subtasksequence',
      type: 'SMS_TaskSequence_SubTasksequence',
      variables: { OSDSubTasksequencePackageID: 'ABC00009' },
    });
    const parent = sequenceXml(stepXml({ action: 'smsswd.exe /run:ABC00001 a.exe' }), call);
    const references = `<ArrayOfString><string>${escapeXml('<INSTANCE><PROPERTY NAME="ReferencePackageID"><VALUE>ABC00001</VALUE></PROPERTY><PROPERTY NAME="ReferenceName"><VALUE>Office Tools</VALUE></PROPERTY></INSTANCE>')}</string></ArrayOfString>`;
    const utf16 = join(folder, 'utf16.xml');
    await writeFile(
      utf16,
      Buffer.concat([
        Buffer.from([0xff, 0xfe]),
        Buffer.from(instanceXml('ABC00009', 'Child of it', `<![CDATA[${TS}]]>`), 'utf16le'),
      ]),
    );
    const zip = join(folder, 'export.zip');
    await writeZip(zip, [
      { path: 'Manifest.xml', text: '<LibraryDocument/>' },
      {
        path: 'SMS_TaskSequencePackage/ABC00008/object.xml',
        text: instanceXml('ABC00008', 'Parent', escapeXml(parent)),
      },
      { path: 'SMS_TaskSequencePackage/ABC00009/object.xml', file: utf16 },
      { path: 'SMS_TaskSequencePackage/ABC00008/ReferencesInfo.xml', text: references },
    ]);
    const { exitCode, stdout } = await cli(['sequence', 'import', zip, '--out', join(folder, 'out'), '--json']);
    expect(exitCode).toBe(0);
    const { sequences, toSupply } = JSON.parse(stdout);
    expect(sequences.map(({ file }: SequenceReport) => file)).toEqual(['parent.yaml', 'child-of-it.yaml']);
    expect(toSupply).toContainEqual({ kind: 'package', id: 'ABC00001', name: 'office-tools' });
    expect(await readFile(join(folder, 'out', 'parent.yaml'), 'utf8')).toContain('sequence: child-of-it');
  });

  it('brings back what sequence export has written', async () => {
    const folder = await temporaryFolder();
    await writeFiles(folder, { 'ts.xml': TS });
    const [out, back] = [join(folder, 'out'), join(folder, 'back')];
    await cli(['sequence', 'import', join(folder, 'ts.xml'), '--out', out]);
    const zip = join(folder, 'a.zip');
    const exported = await cli(['sequence', 'export', join(out, 'a-sequence.yaml'), '--out', zip, '--json']);
    expect(JSON.parse(exported.stdout)).toMatchObject({ sequences: ['a-sequence'], blanked: [] });
    expect((await cli(['sequence', 'import', zip, '--out', back])).exitCode).toBe(0);
    expect(await readFile(join(back, 'a-sequence.yaml'))).toEqual(await readFile(join(out, 'a-sequence.yaml')));
    const lost = await cli([
      'sequence',
      'export',
      join(out, 'a-sequence.yaml'),
      '--out',
      join(folder, 'b.zip'),
      '--with-content',
      '--json',
    ]);
    expect(JSON.parse(lost.stdout)).toMatchObject({ error: { code: 'PROJECT_NOT_FOUND' } });
  });

  it.each<[string, (file: string) => Promise<unknown>, RegExp]>([
    [
      'an entity bomb',
      (file) =>
        writeFile(file, `<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "${'&a;'.repeat(1000)}">]><sequence>&b;</sequence>`),
      /document type/,
    ],
    [
      'an external entity',
      (file) => writeFile(file, '<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]><sequence>&a;</sequence>'),
      /document type/,
    ],
    ['deep nesting', (file) => writeFile(file, sequenceXml('<group name="a">'.repeat(500_000))), /nested deeper/],
    [
      'groups too deep for a sequence',
      (file) => writeFile(file, sequenceXml(`${'<group name="a">'.repeat(150)}${'</group>'.repeat(150)}`)),
      /cannot be written as a sequence/,
    ],
    [
      'an element of 100 MB',
      (file) => writeFile(file, sequenceXml(`<step name="a"><action>${'x'.repeat(100 * 1024 ** 2)}</action></step>`)),
      /too large/,
    ],
    ['2 GB of nothing', (file) => writeFile(file, '').then(() => truncate(file, 2 * 1024 ** 3)), /too large/],
    ['a cut file', (file) => writeFile(file, TS.slice(0, -40)), /not well-formed XML: line 1, column/],
    ['UTF-7', (file) => writeFile(file, '<?xml version="1.0" encoding="UTF-7"?>+ADw-sequence/+AD4-'), /utf-7/],
    ['NULs', (file) => writeFile(file, TS.replaceAll('setup', 'se\0tup')), /U\+0000/],
    ['a picture', (file) => writeFile(file, Buffer.from('89504e470d0a1a0a0000000d', 'hex')), /not text in UTF-8/],
    ['another document', (file) => writeFile(file, '<html><body/></html>'), /its root is <html>/],
    ['an empty file', (file) => writeFile(file, ''), /not well-formed/],
    [
      'a zip with something else',
      (file) => writeZip(file, [{ path: 'readme.txt', text: 'hello' }]),
      /without a task sequence/,
    ],
    [
      'a zip bomb',
      (file) => writeZip(file, [{ path: 'SMS_TaskSequencePackage/A/object.xml', text: '\n'.repeat(200 * 1024 ** 2) }]),
      /would unpack to more/,
    ],
    ['an instance of something else', (file) => writeFile(file, '<INSTANCE/>'), /without a task sequence/],
    [
      'a manifest of ours that lies',
      (file) => writeZip(file, [{ path: 'mediasmith-sequence.json', text: '{"formatVersion":1}' }]),
      /is not valid/,
    ],
  ])('refuses %s before anything is written', async (_name, make, reason) => {
    const folder = await temporaryFolder();
    const file = join(folder, 'hostile');
    await make(file);
    const { exitCode, stdout } = await cli(['sequence', 'import', file, '--out', join(folder, 'out'), '--json']);
    const { error } = JSON.parse(stdout);
    expect(error).toMatchObject({ code: 'IMPORT_INVALID', hint: expect.any(String) });
    expect(error.message).toMatch(reason);
    expect(exitCode).toBe(2);
    expect(await readdir(folder)).toEqual(['hostile']);
  });

  it('takes a sequence of ten thousand steps', async () => {
    const folder = await temporaryFolder();
    const file = join(folder, 'long.xml');
    await writeFile(
      file,
      sequenceXml(...Array.from({ length: 10_000 }, (_, index) => stepXml({ name: `Step ${index}`, action: 'a.exe' }))),
    );
    const { stdout } = await cli(['sequence', 'import', file, '--out', join(folder, 'out'), '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ sequences: [{ steps: 10_000, takenOver: 10_000 }] });
  });
});
