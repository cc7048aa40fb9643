import { expect, it } from 'vitest';
import { sourceLetter, startedMedium } from '../../../../../runtime/platform/winpe/started-medium.ts';
import { writeFiles } from '../../../../helpers/temporary-folder.ts';
import { type TestHost, winpeHost } from '../../../../helpers/winpe-host.ts';

const IMAGE = '0f2c8a52-6c86-4d0b-9f3b-3a6f3a0c5e11';
const OTHER_IMAGE = '0f2c8a52-6c86-4d0b-9f3b-3a6f3a0c5e12';
const IDS = { D: '3b241101-e2bb-4255-8caf-4136c566a962', E: '3b241101-e2bb-4255-8caf-4136c566a963' };
const WAITED = 'X:\\Windows\\System32\\wpeutil.exe WaitForRemovableStorage';

async function putMedium(host: TestHost, letter: keyof typeof IDS, bootImage = IMAGE): Promise<void> {
  const manifest = `${JSON.stringify({ id: IDS[letter], bootImage }, null, 1).slice(0, -2)}, and then damage`;
  await writeFiles(host.drive(letter), { 'mediasmith/manifest.json': manifest });
}

/** Two sticks, each with a medium that this image starts, and the volume that the second was started from. */
async function twoSticks(source: string | undefined): Promise<TestHost> {
  const host = await winpeHost();
  host.windows.drives = {
    C: { type: 'fixed', disk: 0 },
    D: { type: 'removable', disk: 1 },
    E: { type: 'removable', disk: 2 },
    F: { type: 'removable', disk: 2 },
  };
  await putMedium(host, 'D');
  await putMedium(host, 'E');
  host.win32.registryValue = (key, name) =>
    source !== undefined && name === 'PEBootRamdiskSourceDrive' && key.endsWith('CurrentControlSet\\Control')
      ? { type: 1, data: Buffer.from(`${source}\0`, 'utf16le') }
      : { error: 2 };
  return host;
}

it('is the one whose manifest names the image, after the drives have had their time', async () => {
  const host = await winpeHost({
    wpeutil: async () => {
      await putMedium(host, 'E');
      return { exitCode: 1 };
    },
  });
  host.windows.drives = { D: { type: 'removable', disk: 1 }, E: { type: 'cdrom' } };
  await putMedium(host, 'D', OTHER_IMAGE);
  expect(await startedMedium(host, IMAGE)).toBe(IDS.E);
  expect(host.lines).toEqual([WAITED]);
});

it.each([
  ['D:\\', 'D'],
  ['e:', 'E'],
  // The volume beside that of the data.
  ['F:\\', 'E'],
] as const)('is, of two, the one on the disk of %s', async (source, letter) => {
  expect(await startedMedium(await twoSticks(source), IMAGE)).toBe(IDS[letter]);
});

it.each([undefined, 'C:\\', 'Z:\\', 'nothing', ''])('is never guessed: the image came from %s', async (source) => {
  await expect(startedMedium(await twoSticks(source), IMAGE)).rejects.toMatchObject({
    code: 'MEDIUM_NOT_FOUND',
    message: 'this machine may have been started from D: and E:',
    lines: [`D: ${IDS.D}`, `E: ${IDS.E}`],
  });
});

it('names the drives it has looked at', async () => {
  const host = await winpeHost();
  host.windows.drives = { C: { type: 'fixed', disk: 0 }, D: { type: 'cdrom' } };
  await expect(startedMedium(host, IMAGE, { patienceSeconds: 0 })).rejects.toMatchObject({
    code: 'MEDIUM_NOT_FOUND',
    lines: ['looked at: C: (fixed)', 'looked at: D: (cdrom)'],
  });
});

it('ends when it is interrupted', async () => {
  const host = await winpeHost();
  const interrupt = new AbortController();
  const looking = startedMedium(host, IMAGE, { signal: interrupt.signal });
  interrupt.abort(new Error('enough'));
  await expect(looking).rejects.toThrow('enough');
});

it('the letter is read as the registry has it', () => {
  expect(sourceLetter(Buffer.from('D:\\\0', 'utf16le'))).toBe('D');
  expect(sourceLetter(Buffer.alloc(0))).toBeUndefined();
});
