import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { importFile } from '../../../../builder/import/import-file.ts';
import { temporaryFolder, writeFiles } from '../../../helpers/temporary-folder.ts';

const STEP = '<step type="SMS_TaskSequence_RunCommandLineAction" name="A"><action>a.exe</action></step>';
const SEQUENCE = `<sequence version="3.10" name="T">${STEP}</sequence>`;
const overwrite = async () => 'overwrite' as const;

async function source(): Promise<string> {
  const folder = await temporaryFolder();
  await writeFiles(folder, { 'ts.xml': SEQUENCE });
  return folder;
}

describe('importFile', () => {
  it('does not wait for a pipe, and reads no device', async () => {
    const folder = await source();
    const pipe = join(folder, 'pipe.xml');
    await promisify(execFile)('mkfifo', [pipe]);
    for (const file of [pipe, '/dev/zero', folder]) {
      await expect(importFile(file, { folder: join(folder, 'out'), existing: overwrite })).rejects.toMatchObject({
        code: 'SOURCE_INVALID',
      });
    }
    expect(await readdir(folder)).not.toContain('out');
  });

  it('asks before it replaces a link that leads nowhere, and writes through none', async () => {
    const folder = await source();
    const out = join(folder, 'out');
    await writeFiles(out, { kept: 'kept' });
    await symlink('nowhere', join(out, 't.yaml'));
    let asked: readonly string[] = [];
    await importFile(join(folder, 'ts.xml'), {
      folder: out,
      existing: async (files) => {
        asked = files;
        return 'overwrite';
      },
    });
    expect(asked).toEqual(['t.yaml']);
    expect((await readdir(out)).sort()).toEqual(['kept', 't.yaml']);
    expect(await readFile(join(out, 't.yaml'), 'utf8')).toContain('id: t');
  });

  it('refuses a file in place of its folder, and a folder in place of its file, before it writes', async () => {
    const folder = await source();
    const file = join(folder, 'ts.xml');
    await mkdir(join(folder, 'out/t.yaml'), { recursive: true });
    for (const out of [file, join(folder, 'out')]) {
      await expect(importFile(file, { folder: out, existing: overwrite })).rejects.toMatchObject({
        code: 'OUTPUT_EXISTS',
      });
    }
    expect(await readFile(file, 'utf8')).toBe(SEQUENCE);
    expect(await readdir(join(folder, 'out'))).toEqual(['t.yaml']);
  });
});
