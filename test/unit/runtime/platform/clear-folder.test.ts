import { readdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { clearFolder, surveyFolder } from '../../../../runtime/platform/clear-folder.ts';
import { temporaryFolder, writeFiles } from '../../../helpers/temporary-folder.ts';

const openFolder = async (): Promise<void> => undefined;

it.each(['Windows', 'Windows/System32', 'Windows/System32/config'])(
  'leaves another Windows alone that %s is a link to',
  async (link) => {
    const [root, other] = [await temporaryFolder(), await temporaryFolder()];
    const files = ['System32/config/SYSTEM', 'System32/winload.efi', 'config/SYSTEM', 'winload.efi', 'SYSTEM'];
    await writeFiles(other, Object.fromEntries(files.map((path) => [path, 'of the other'])));
    await writeFiles(root, { [join(link, '../beside')]: 'x', 'Kept/a': 'a' });
    await symlink(other, join(root, link));
    await clearFolder(root, ['kept'], { openFolder });
    expect(await readdir(root)).toEqual(['Kept']);
    expect((await readdir(other)).sort()).toEqual(['SYSTEM', 'System32', 'config', 'winload.efi']);
    expect((await readdir(join(other, 'System32'))).sort()).toEqual(['config', 'winload.efi']);
    expect(await readdir(join(other, 'System32/config'))).toEqual(['SYSTEM']);
    expect(await readdir(join(other, 'config'))).toEqual(['SYSTEM']);
  },
);

it('refuses to keep a link to what is removed', async () => {
  const [root, other] = [await temporaryFolder(), await temporaryFolder()];
  await writeFiles(root, { 'Users/Store/USMT/a': 'a', 'Kept/a': 'a' });
  await symlink(join(root, 'Users/Store'), join(root, 'Store'));
  await expect(surveyFolder(root, ['store'])).rejects.toThrow('Store is to be kept, and is a link to Users');
  // What it leads to stays: on another volume, or kept itself.
  await symlink(other, join(root, 'Elsewhere'));
  await symlink(join(root, 'Kept'), join(root, 'Beside'));
  expect((await surveyFolder(root, ['elsewhere', 'beside', 'KEPT'])).others.sort()).toEqual(['Store', 'Users']);
});
