import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeFolder } from '../../../builder/make-folder.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

it('makes what is not there and takes what is', async () => {
  const folder = join(await temporaryFolder(), 'a', 'b', 'c');
  await makeFolder(folder);
  await makeFolder(folder);
  expect((await stat(folder)).isDirectory()).toBe(true);
});

it('ends where nothing can be made', async () => {
  await expect(makeFolder('/proc/mediasmith/x')).rejects.toMatchObject({ code: 'ENOENT' });
  const file = join(await temporaryFolder(), 'file');
  await writeFile(file, '');
  await expect(makeFolder(join(file, 'x'))).rejects.toMatchObject({ code: 'EEXIST', path: file });
  await expect(makeFolder(file)).rejects.toMatchObject({ code: 'EEXIST' });
});
