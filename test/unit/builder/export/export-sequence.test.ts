import { readdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exportSequence, projectOf } from '../../../../builder/export/export-sequence.ts';
import { EXISTING, importFile } from '../../../../builder/import/import-file.ts';
import { openZip } from '../../../../builder/import/zip-reader.ts';
import { temporaryFolder, writeFiles } from '../../../helpers/temporary-folder.ts';

const PARENT = `# The parent.
formatVersion: 2
id: parent
name: Parent
startsIn: any
steps:
  - step: run-sequence
    sequence: child
  - step: run-sequence
    sequence: elsewhere
  - step: apply-driver-package
    package: Drivers
`;
const CHILD = `formatVersion: 2
id: child
name: Child
startsIn: any
steps:
  - group: Inside # stays
    steps:
      - step: run-command-line
        name: Join
        command: join.exe /password:hunter2
        package: Tools
        runAs:
          account: D\\u
          password: hunter2
      - step: set-variable
        variable: Key
        value: hunter2
        secret: true
      - step: apply-windows-settings
        productKey: AAAAA-BBBBB-CCCCC-DDDDD-EEEEE
        administrator:
          password: "%AdminPassword%"
      - step: set-dynamic-variables
        rules:
          - variables:
              - { name: Pin, value: hunter2, secret: true }
              - { name: Room, value: "12" }
`;
const MEDIA = `formatVersion: 1
name: Project
packages:
  - { name: Drivers, source: files/drivers }
  - { name: Tools, source: files/tools }
sequences: [parent.yaml, child.yaml]
outputs: [{ iso: out.iso }]
`;

async function project(more: Record<string, string> = {}): Promise<string> {
  const folder = await temporaryFolder();
  const files = { 'parent.yaml': PARENT, 'child.yaml': CHILD, 'other.yaml': 'no sequence', ...more };
  await writeFiles(folder, files);
  return folder;
}

const refuse = (): Promise<never> => Promise.reject(new Error('nothing should be there'));

describe('exportSequence', () => {
  it('writes the same bytes each time, and what comes back is the same', async () => {
    const plain = CHILD.replaceAll('hunter2', '"%Given%"').replace('AAAAA-BBBBB-CCCCC-DDDDD-EEEEE', '"%Key%"');
    const folder = await project({ 'child.yaml': plain });
    const [one, two] = [join(folder, 'one.zip'), join(folder, 'two.zip')];
    const report = await exportSequence(join(folder, 'parent.yaml'), { out: one });
    await exportSequence(join(folder, 'parent.yaml'), { out: two });
    expect(await readFile(one)).toEqual(await readFile(two));
    expect(report).toMatchObject({
      sequences: ['parent', 'child'],
      references: [
        { kind: 'package', name: 'Drivers' },
        { kind: 'package', name: 'Tools' },
        { kind: 'sequence', name: 'elsewhere' },
      ],
      blanked: [],
    });
    const back = join(folder, 'back');
    const imported = await importFile(one, { folder: back, existing: refuse });
    expect(await readFile(join(back, 'parent.yaml'), 'utf8')).toBe(PARENT);
    expect(await readFile(join(back, 'child.yaml'), 'utf8')).toBe(plain);
    expect(imported.toSupply.map(({ name }) => name)).toEqual(['Drivers', 'Tools', 'elsewhere']);
    expect(imported.sequences[1]).toMatchObject({ file: 'child.yaml', steps: 4, takenOver: 4, leftOut: [] });
  });

  it('lets no secret in, and says which are missing', async () => {
    const folder = await project();
    const out = join(folder, 'a.zip');
    const { blanked } = await exportSequence(join(folder, 'child.yaml'), { out });
    await using zip = await openZip(out);
    const text = (await Promise.all(zip.members.map(({ path }) => zip.read(path)))).join('\n');
    expect(text).not.toMatch(/hunter2|AAAAA/);
    expect(text).toContain('# stays');
    expect(blanked.map(({ step, field, variable }) => [step, field, variable])).toEqual([
      ['Join', 'runAs.password', 'Secret-runAs-password'],
      ['Join', 'command', 'CommandSecret'],
      ['Set Task Sequence Variable', 'value', 'Key-Value'],
      ['Apply Windows Settings', 'productKey', 'OSDProductKey'],
      ['Set Dynamic Variables', 'rules.0.variables.0.value', 'Pin-Value'],
    ]);
    const back = await importFile(out, { folder: join(folder, 'back'), existing: refuse });
    expect(back.passwords).toContainEqual({ step: 'Join', field: 'runAs.password' });
    expect(await readFile(join(folder, 'back', 'child.yaml'), 'utf8')).toContain('password: "%Secret-runAs-password%"');
  });

  it('takes content along and brings it back', async () => {
    const folder = await project({
      'media.yaml': MEDIA,
      'files/drivers/a/b.inf': 'driver',
      'files/tools/join.exe': '',
    });
    const parent = join(folder, 'parent.yaml');
    expect(await projectOf(parent)).toBe(join(folder, 'media.yaml'));
    const out = join(folder, 'a.zip');
    await writeFiles(folder, {
      'parent.yaml': PARENT.replace(/ {2}- step: run-sequence\n {4}sequence: elsewhere\n/, ''),
    });
    const { references } = await exportSequence(parent, { out, contentOf: join(folder, 'media.yaml') });
    expect(references).toEqual([
      { kind: 'package', name: 'Drivers', content: 'content/package/drivers' },
      { kind: 'package', name: 'Tools', content: 'content/package/tools' },
    ]);
    const back = join(folder, 'back');
    const { toSupply } = await importFile(out, { folder: back, existing: refuse });
    expect(toSupply).toEqual([]);
    expect(await readFile(join(back, 'content/package/drivers/a/b.inf'), 'utf8')).toBe('driver');
    await using zip = await openZip(out);
    expect(zip.members.filter(({ path }) => path.startsWith('content/')).every(({ stored }) => stored)).toBe(true);
    await symlink('/etc/passwd', join(folder, 'files/tools/link'));
    await expect(
      exportSequence(parent, { out: join(folder, 'b.zip'), contentOf: join(folder, 'media.yaml') }),
    ).rejects.toMatchObject({ code: 'SOURCE_INVALID' });
  });

  it('refuses to write over a file, and a sequence that is not valid', async () => {
    const folder = await project();
    const child = join(folder, 'child.yaml');
    await expect(exportSequence(child, { out: child })).rejects.toMatchObject({ code: 'OUTPUT_EXISTS' });
    await expect(exportSequence(join(folder, 'other.yaml'), { out: join(folder, 'a.zip') })).rejects.toMatchObject({
      code: 'SEQUENCE_INVALID',
    });
  });

  it.each(EXISTING)('imports what is there already: %s', async (existing) => {
    const folder = await project();
    const out = join(folder, 'a.zip');
    await exportSequence(join(folder, 'parent.yaml'), { out });
    const back = join(folder, 'back');
    await writeFiles(back, { 'parent.yaml': 'mine', 'child.yaml': 'mine too' });
    const asked: string[][] = [];
    await importFile(out, {
      folder: back,
      existing: async (files) => {
        asked.push([...files]);
        return existing;
      },
    });
    expect(asked).toEqual([['parent.yaml', 'child.yaml']]);
    expect(await readFile(join(back, 'parent.yaml'), 'utf8')).toBe(existing === 'overwrite' ? PARENT : 'mine');
    if (existing !== 'new') return;
    const parent = await readFile(join(back, 'parent-2.yaml'), 'utf8');
    expect(parent).toContain('# The parent.');
    expect(parent).toContain('id: parent-2');
    expect(parent).toContain('sequence: child-2');
    expect(await readFile(join(back, 'child-2.yaml'), 'utf8')).toContain('id: child-2');
  });

  it('asks before it takes the place of content, whatever sequence that belongs to', async () => {
    const folder = await project({
      'media.yaml': MEDIA.replace('parent.yaml, ', ''),
      'files/drivers/b.inf': 'driver',
      'files/tools/join.exe': '',
    });
    const out = join(folder, 'a.zip');
    await exportSequence(join(folder, 'child.yaml'), { out, contentOf: join(folder, 'media.yaml') });
    const back = join(folder, 'back');
    for (const [wanted, there] of [
      ['ignore', ['mine.exe']],
      ['new', ['mine.exe']],
      ['overwrite', ['join.exe']],
    ] as const) {
      await writeFiles(back, { 'content/package/tools/mine.exe': 'mine' });
      const asked: string[][] = [];
      const { kept } = await importFile(out, {
        folder: back,
        existing: async (files) => {
          asked.push([...files]);
          return wanted;
        },
      });
      expect(asked[0]).toContain('content/package/tools');
      expect(kept.includes('content/package/tools')).toBe(wanted !== 'overwrite');
      expect(await readdir(join(back, 'content/package/tools'))).toEqual(there);
    }
  });

  it('finds a secret behind an alias, in a list, in a script and in a comment', async () => {
    const folder = await temporaryFolder();
    await writeFiles(folder, {
      'a.yaml': `# the password is hunter2
formatVersion: 2
id: a
name: A
startsIn: any
steps:
  - &s { step: connect-network-folder, path: '\\\\s\\x', account: u, password: &p hunter2 }
  - *s
  - { step: connect-network-folder, path: '\\\\s\\x', account: u, password: *p }
  - { step: set-variable, variable: AdminPassword, value: hunter2 }
  - { step: run-command-line, command: [tool.exe, /password, hunter2, /quiet] }
  - { step: run-powershell-script, sourceScript: net user admin hunter2, parameters: -Password hunter2 }
`,
    });
    const out = join(folder, 'a.zip');
    const { blanked } = await exportSequence(join(folder, 'a.yaml'), { out });
    expect(blanked).toHaveLength(7);
    await using zip = await openZip(out);
    const text = (await zip.read('sequences/a.yaml')).toString();
    expect(text).not.toContain('hunter2');
    expect(text).toContain('/quiet');
    await importFile(out, { folder: join(folder, 'back'), existing: refuse });
  });

  it('hands on no sequences that call each other in a circle', async () => {
    const folder = await project({
      'child.yaml': PARENT.replace('sequence: child', 'sequence: parent').replace('id: parent', 'id: child'),
    });
    const out = join(folder, 'a.zip');
    await expect(exportSequence(join(folder, 'parent.yaml'), { out })).rejects.toMatchObject({
      code: 'SEQUENCE_INVALID',
    });
    expect(await readdir(folder)).not.toContain('a.zip');
  });

  it('takes a link that leads nowhere for a file that is there', async () => {
    const folder = await project();
    const out = join(folder, 'a.zip');
    await symlink('nowhere', out);
    await expect(exportSequence(join(folder, 'child.yaml'), { out })).rejects.toMatchObject({ code: 'OUTPUT_EXISTS' });
  });
});
