import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ExportReport, exportSequence } from '../../../../builder/export/export-sequence.ts';
import { refuseSecretsIn } from '../../../../builder/export/refuse-secrets.ts';
import { SecretSearch } from '../../../../builder/export/secret-search.ts';
import { writeZip } from '../../../../builder/export/zip-writer.ts';
import { BUNDLE } from '../../../../builder/import/bundle-manifest.ts';
import { importFile } from '../../../../builder/import/import-file.ts';
import { openZip } from '../../../../builder/import/zip-reader.ts';
import { temporaryFolder, writeFiles } from '../../../helpers/temporary-folder.ts';

const head = (id: string) => `formatVersion: 2\nid: ${id}\nname: ${id.toUpperCase()}\nstartsIn: any\nsteps:\n`;
const KEY = '  - { step: set-variable, variable: Key, value: hunter2secret, secret: true }\n';
const PIN = '  - { step: enable-bitlocker, mode: tpm-and-pin, pin: "48213" }\n';

async function exported(
  files: Record<string, string | Uint8Array>,
): Promise<ExportReport & { text: string; folder: string }> {
  const folder = await temporaryFolder();
  await writeFiles(folder, files);
  const out = join(folder, 'out.zip');
  const contentOf = 'media.yaml' in files ? { contentOf: join(folder, 'media.yaml') } : {};
  const report = await exportSequence(join(folder, 'a.yaml'), { out, ...contentOf });
  await using zip = await openZip(out);
  const own = zip.members.filter(({ path }) => !path.startsWith(BUNDLE.content));
  const text = (await Promise.all(own.map(({ path }) => zip.read(path)))).join('\n');
  // What comes out of it is a sequence again.
  const refuse = () => Promise.reject(new Error('nothing is there'));
  await importFile(out, { folder: join(folder, 'back'), existing: refuse });
  return { ...report, text, folder };
}

const placesOf = ({ blanked }: ExportReport) => blanked.map(({ kind, step, field }) => `${kind} ${step}: ${field}`);

describe('an exported sequence', () => {
  it('has a secret nowhere else either: commands, conditions, scripts, names, descriptions and groups', async () => {
    const report = await exported({
      'a.yaml': `${head('a')}${KEY}  - step: run-command-line
    name: Try hunter2secret
    description: with hunter2secret
    command: tool.exe hunter2secret
    condition: { variable: Key, value: hunter2secret }
  - { step: run-powershell-script, sourceScript: "tool 'hunter2secret' aAB1AG4AdABlAHIAMgBzAGUAYwByAGUAdAA=" }
  - group: hunter2secret
    condition: { all: [{ file: 'C:\\hunter2secret.txt' }] }
    steps: [{ step: run-command-line, command: [tool.exe, xhunter2secretx] }]
`,
    });
    expect(report.text).not.toMatch(/hunter2secret|aAB1AG4AdABlAHIAMgBzAGUAYwByAGUAdAA/);
    expect(report.text).toContain('command: tool.exe %Key-Value%');
    expect(placesOf(report)).toEqual([
      'secret Set Task Sequence Variable: value',
      'secret Try %Key-Value%: condition.value',
      'repeated Try %Key-Value%: name',
      'repeated Try %Key-Value%: description',
      'repeated Try %Key-Value%: command',
      'repeated Run PowerShell Script: sourceScript',
      'repeated %Key-Value%: group',
      'repeated %Key-Value%: condition.all.0.file',
      'repeated Run Command Line: command.1',
    ]);
    expect(report.warnings).toEqual([]);
  });

  it('has none of a child in its parent, and none of a parent in its child', async () => {
    const report = await exported({
      'a.yaml': `${head('a')}${KEY}  - { step: run-sequence, sequence: b }\n  - { step: run-command-line, command: x child99secret }\n`,
      'b.yaml': `# for hunter2secret\n${head('b')}  - { step: run-command-line, command: x hunter2secret }
  - { step: set-variable, variable: Other, value: child99secret, secret: true }\n`,
    });
    expect(report.text).not.toMatch(/hunter2secret|child99secret/);
    expect(report.text).toContain('x %Other-Value%');
    expect(report.warnings).toEqual(['sequence "b" is in it without its comments: one repeats a secret']);
    expect(report.blanked).toContainEqual({
      ...{ sequence: 'b', kind: 'repeated', step: 'Run Command Line', field: 'command', variable: 'Key-Value' },
    });
  });

  it('has none in the midst of what is base64, wherever it begins there', async () => {
    const telling = ['', 'a', 'ab', 'abc', 'admin:'].flatMap((before) =>
      (['utf8', 'utf16le'] as const).map((encoding) => Buffer.from(`${before}hunter2secret!`, encoding)),
    );
    const words = telling.map((bytes) => bytes.toString('base64'));
    const report = await exported({
      'a.yaml': `${head('a')}${KEY}  - { step: run-command-line, command: [tool.exe, ${words.join(', ')}] }\n`,
    });
    expect(placesOf(report)).toEqual([
      'secret Set Task Sequence Variable: value',
      ...words.map((_, index) => `repeated Run Command Line: command.${index + 1}`),
    ]);
  });

  it('has none with the escapes of JSON', async () => {
    const report = await exported({
      'a.yaml': `${head('a')}  - { step: set-variable, variable: Key, value: 'hunter"2secret', secret: true }
  - { step: run-command-line, command: 'tool {"key":"hunter\\"2secret"}' }\n`,
    });
    expect(report.text).not.toContain('2secret');
  });

  it.each([
    ['that a secret option consists of', `{ step: set-variable, variable: Word, value: hunter2secret }`, '%Word%'],
    [
      'that is one of several in a secret option',
      `{ step: set-dynamic-variables, rules: [{ variables: [{ name: wOrD, value: hunter2secret }] }] }`,
      '%Other%%Word%',
    ],
    [
      'that another takes its value from',
      `{ step: set-variable, variable: Word, value: '%Inner%' }
  - { step: set-variable, variable: Inner, value: hunter2secret }`,
      '%Word%',
    ],
    [
      'that is marked where it is set again',
      `{ step: set-variable, variable: Word, value: hunter2secret }
  - { step: set-variable, variable: word, value: another2secret, secret: true }`,
      '%Else%',
    ],
  ])('has no value of a variable %s', async (_, step, password) => {
    const report = await exported({
      'a.yaml': `${head('a')}  - ${step}
  - { step: run-command-line, command: x hunter2secret }
  - { step: connect-network-folder, path: '\\\\s\\x', account: u, password: '${password}' }\n`,
    });
    expect(report.text).not.toMatch(/(hunter|another)2secret/);
    expect(report.text).toContain(`password: `);
  });

  it('has the value of a variable that stands beside others in a secret', async () => {
    const report = await exported({
      'a.yaml': `${head('a')}  - { step: set-variable, variable: Site, value: Berlin }
  - { step: connect-network-folder, path: '\\\\s\\x', account: u, password: 'hunter2-%Site%' }\n`,
    });
    expect(report.text).toContain('value: Berlin');
    expect(report.text).not.toContain('hunter2');
  });

  it('has a short one nowhere as a word of its own, and keeps what only contains it', async () => {
    const report = await exported({
      'a.yaml': `# the PIN is 48213\n${head('a')}${PIN}  - { step: run-command-line, command: x 48213, name: Room 1482137 }\n`,
    });
    expect(report.text).not.toMatch(/\b48213\b/);
    expect(report.text).toContain('Room 1482137');
    expect(report.text).toContain('x %OSDBitLockerPIN%');
  });

  it('has no product key in a comment or a description', async () => {
    const report = await exported({
      'a.yaml': `# AAAAA-BBBBB-CCCCC-DDDDD-EEEEE\n${head('a')}  - { step: restart-computer, description: FFFFF-GGGGG-HHHHH-JJJJJ-KKKKK }\n`,
    });
    expect(report.text).not.toMatch(/AAAAA|FFFFF/);
  });

  it('names no variable after a secret', async () => {
    const report = await exported({
      'a.yaml': `${head('a')}  - { step: run-command-line, command: x /password:CommandSecret }\n`,
    });
    expect(report.text).not.toContain('CommandSecret');
    expect(report.text).toContain('x /password:%Blank-1%');
  });

  it('may have a password that is a word of the language', async () => {
    const report = await exported({
      'a.yaml': `${head('a')}  - { step: connect-network-folder, path: '\\\\s\\x', account: u, password: password }\n`,
    });
    expect(report.text).not.toContain('password: password');
    expect(report.text).toMatch(/password: "%[\w-]+%"/);
  });

  it.each([
    ['id', 'the id of the sequence', `${head('hunter2secret')}${KEY}`],
    ['sequence', 'the name of a child', `${head('a')}${KEY}  - { step: run-sequence, sequence: hunter2secret }\n`],
    ['package', 'a package', `${head('a')}${KEY}  - { step: apply-driver-package, package: hunter2secret }\n`],
    ['variable', 'a variable', `${head('a')}${KEY}  - { step: set-variable, variable: hunter2secret, value: x }\n`],
    ['freeDiskSpace', 'a size', `${head('a')}${PIN}  - { step: check-readiness, freeDiskSpace: 48213 MB }\n`],
  ])(
    'is refused where %s, %s, would have to change: step and field are named, nothing is written',
    async (field, _, text) => {
      const folder = await temporaryFolder();
      await writeFiles(folder, { 'a.yaml': text });
      const refused = await exportSequence(join(folder, 'a.yaml'), { out: join(folder, 'a.zip') }).catch(
        (error) => error,
      );
      expect(refused).toMatchObject({
        code: 'SEQUENCE_INVALID',
        message: expect.stringContaining(`a secret in ${field},`),
      });
      expect(JSON.stringify([refused.message, refused.lines, refused.hint])).not.toMatch(/hunter2secret|48213/);
      expect(await readdir(folder)).toEqual(['a.yaml']);
    },
  );

  it('takes files of the content as they are, and names those with a secret', async () => {
    const report = await exported({
      'media.yaml': `formatVersion: 1\nname: P\npackages: [{ name: Tools, source: tools }]\nsequences: [a.yaml]\noutputs: [{ iso: o.iso }]\n`,
      'a.yaml': `${head('a')}${KEY}  - { step: run-command-line, command: x, package: Tools }\n`,
      'tools/a.cmd': 'x hunter2secret',
      'tools/b.ps1': Buffer.from('\ufeffx hunter2secret', 'utf16le'),
      'tools/c.txt': 'nothing',
    });
    expect(report.warnings).toEqual([
      'content/package/tools/a.cmd goes in as it is, with the value of "Set Task Sequence Variable"',
      'content/package/tools/b.ps1 goes in as it is, with the value of "Set Task Sequence Variable"',
    ]);
  });
});

describe('refuseSecretsIn', () => {
  const search = new SecretSearch([{ value: 'hunter2secret', variable: 'Key', step: 'Set', field: 'value' }]);
  const manifest = (name: string) =>
    JSON.stringify({ formatVersion: 1, sequences: [{ id: 'a', name }], references: [], blanked: [] });

  it.each([
    ['a comment', `# hunter2secret\n${head('a')}`, manifest('A'), 'sequences/a.yaml'],
    ['a value with escapes', `${head('a')}  - { command: "hunter2\\x73ecret" }`, manifest('A'), 'sequences/a.yaml'],
    ['the list', head('a'), manifest('hunter2secret'), BUNDLE.manifest],
  ])('looks at what was written: %s', async (_, text, list, place) => {
    const zip = join(await temporaryFolder(), 'draft.zip');
    await writeZip(zip, [
      { path: 'sequences/a.yaml', text },
      { path: BUNDLE.manifest, text: list },
    ]);
    const refused = await refuseSecretsIn(zip, 'out.zip', search).catch((error) => error);
    expect(refused).toMatchObject({ message: `out.zip is not written: ${place} would have a secret in it` });
    expect(refused.lines).toEqual(['It is the value of "Set".']);
  });
});
