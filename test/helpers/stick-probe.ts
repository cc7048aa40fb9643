import { readdir, writeFile } from 'node:fs/promises';
import { exec } from '../../runtime/host/exec.ts';
import { linuxPlatform } from '../../runtime/platform/linux/index.ts';
import { mountVolume } from '../../runtime/platform/linux/mount.ts';

/** What {@link file://./../integration/stick-medium.test.ts} runs in the boot environment, in the place of the runtime. */
const SWITCH_OFF = 10;
const say = (words: string, value: unknown): void => console.log(`probe ${words}: ${JSON.stringify(value)}`);

async function probe(): Promise<void> {
  const platform = linuxPlatform({ exec, bootCodeFolder: '/' });
  const { mediumId } = await platform.bootOptions();
  // Nothing but a kernel writes files to exFAT here.
  if ((await readdir('/dev')).includes('sda2')) {
    await using volume = await mountVolume(exec, 'exfat', '/dev/sda1', 'write');
    await volume.files.write('mediasmith/manifest.json', JSON.stringify({ id: mediumId }, null, 1));
  }
  const medium = await platform.findMedium(mediumId);
  const { device, disk, launchMode } = medium;
  say('medium', { device, disk, launchMode });
  const { disks } = await platform.inventory(medium);
  say(
    'disks',
    disks.map(({ device: name, bus, holdsMedium }) => ({ device: name, bus, holdsMedium })),
  );
  const writable = await platform.writableMedium(medium);
  await writable?.files.write('mediasmith/results/Größe/result.json', '{}');
  say('files', (await readdir(medium.root, { recursive: true })).sort());
  await writable?.[Symbol.asyncDispose]();
  const refused = await writeFile(`${medium.root}/x`, '').catch((error: NodeJS.ErrnoException) => error.code);
  say('afterwards', refused);
}

probe()
  .catch((error: unknown) => say('failure', String(error)))
  .finally(() => {
    process.exitCode = SWITCH_OFF;
  });
