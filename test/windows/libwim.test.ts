import { copyFile, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { exec } from '../../runtime/host/exec.ts';
import { IMAGE } from '../helpers/fake-medium.ts';
import { temporaryFolder, writeFiles } from '../helpers/temporary-folder.ts';
import { openWinpe, type Winpe } from '../helpers/wine-winpe.ts';

/** The path of a libwim-15.dll for x64. The project has none: without one what needs it is skipped. */
const LIBWIM = process.env.MEDIASMITH_LIBWIM_DLL;
const EXIT_SHELL = 1;
const SEQUENCE = {
  ...{ formatVersion: 1, id: 'it', name: 'It', onSuccess: 'shutdown' },
  steps: [
    { step: 'format-and-partition-disk', style: 'gpt' },
    { step: 'apply-operating-system', image: 'windows' },
  ],
};

let winpe: Winpe;
let library: string;
beforeAll(async () => {
  winpe = await openWinpe();
  library = join(winpe.boot, 'mediasmith/libwim-15.dll');
});
afterEach(() => rm(library, { force: true }));
afterAll(() => winpe?.[Symbol.asyncDispose]());

async function image(): Promise<Buffer> {
  const folder = await temporaryFolder();
  const loaders = { 'Windows/Boot/EFI/bootmgfw.efi': 'loader', 'Windows/explorer.exe': 'a program' };
  await writeFiles(join(folder, 'content'), loaders);
  await exec(['wimlib-imagex', 'capture', join(folder, 'content'), join(folder, 'windows.wim'), 'Windows']);
  return await readFile(join(folder, 'windows.wim'));
}

it('a libwim that does not load ends the step: nobody who asked for it gets DISM unasked', async () => {
  await writeFiles(winpe.boot, { 'mediasmith/libwim-15.dll': 'not a DLL' });
  await winpe.begin({ sequences: [SEQUENCE] });
  expect((await winpe.run()).exitCode).toBe(EXIT_SHELL);
  expect((await winpe.said('error')).join('\n')).toMatch(
    /TOOL_MISSING: cannot load libwim: X:\\mediasmith\\libwim-15\.dll[\s\S]*without it DISM does its work/,
  );
  expect(await winpe.calls()).not.toMatch(/^(dism|bcdboot)/m);
});

it.skipIf(LIBWIM === undefined)('a libwim beside the runtime applies the image, and DISM is not called', async () => {
  await copyFile(LIBWIM ?? '', library);
  await winpe.begin({ sequences: [SEQUENCE], contents: { [IMAGE.file]: await image() } });
  expect(await winpe.run(), await winpe.log()).toMatchObject({ exitCode: 0 });
  const volume = await winpe.wine.drive('W');
  expect(await readFile(join(volume, 'Windows/explorer.exe'), 'utf8')).toBe('a program');
  expect(await winpe.calls()).toMatch(/^bcdboot/m);
  expect(await winpe.calls()).not.toMatch(/^dism/m);
});
