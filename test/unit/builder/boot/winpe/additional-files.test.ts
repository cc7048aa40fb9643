import { expect, it } from 'vitest';
import { conflictsWith } from '../../../../../builder/boot/winpe/additional-files.ts';
import { checkAdditions } from '../../../../../builder/boot/winpe/additions.ts';
import { temporaryFolder, writeFiles } from '../../../../helpers/temporary-folder.ts';

it.each([
  ['the same path in another case', ['A/B.TXT'], ['a/b.txt']],
  ['something in one of our folders', ['drivers/disk/x.inf'], ['drivers/disk']],
  ['a file where we need a folder', ['DRIVERS'], ['drivers/disk']],
])('finds %s', (_, paths, ours) => {
  expect(conflictsWith(paths, [...ours, 'other'])).toEqual(ours);
});

it('lets a libwim lie beside the runtime, and nothing in its place', async () => {
  const files = await temporaryFolder();
  const rest = { drivers: [], architecture: 'x64' } as const;
  await writeFiles(files, { 'mediasmith/libwim-15.dll': 'a DLL' });
  expect((await checkAdditions({ files, ...rest })).files).toEqual(['mediasmith/libwim-15.dll']);
  await writeFiles(files, { 'mediasmith/mediasmith.exe': 'another' });
  await expect(checkAdditions({ files, ...rest })).rejects.toMatchObject({ code: 'SOURCE_INVALID' });
});

it('leaves neighbours alone', () => {
  expect(conflictsWith(['drivers/disk2/x', 'drivers/dis', 'a.txt.bak'], ['drivers/disk', 'a.txt'])).toEqual([]);
});
