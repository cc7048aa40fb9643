import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { exists, isTaken } from '../../../../runtime/host/exists.ts';
import { temporaryFolder, writeFiles } from '../../../helpers/temporary-folder.ts';

it.each([
  ['file', true, true],
  ['folder', true, true],
  ['nothing', false, false],
  ['file/below', false, false],
  ['link to the file', true, true],
  ['link to nothing', false, true],
])('%s: leads to something %s, is taken %s', async (name, leads, taken) => {
  const root = await temporaryFolder();
  await writeFiles(root, { file: '', 'folder/inner': '' });
  await symlink('file', join(root, 'link to the file'));
  await symlink('gone', join(root, 'link to nothing'));
  expect(await exists(join(root, name))).toBe(leads);
  expect(await isTaken(join(root, name))).toBe(taken);
});
