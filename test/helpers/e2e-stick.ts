import { open } from 'node:fs/promises';
import { createDisk } from '../../builder/boot-test/disk.ts';
import type { Firmware } from '../../builder/boot-test/firmware.ts';
import { cacheFolder } from '../../builder/cache-folder.ts';
import { stickFiles } from '../../builder/inspect/stick-files.ts';
import type { StickContext, StickTarget } from '../../builder/writers/usb/sticks.ts';
import { exec } from '../../runtime/host/exec.ts';
import { GIB, type MachineRun, runToEnd } from './e2e-machine.ts';

export const stickContext = (): StickContext => ({
  exec,
  emit: () => undefined,
  signal: new AbortController().signal,
  cacheFolder: cacheFolder(),
});

/** Starts a machine with one empty disk from a stick that keeps what is written to it, until its runtime has ended. */
export async function runFromStick(stick: string, firmware: Firmware, folder: string): Promise<MachineRun> {
  const disk = `${stick}.disk`;
  await createDisk(disk, 4 * GIB);
  return runToEnd({
    ...{ firmware, folder, medium: { path: stick, as: 'usb', keepWrites: true } },
    disks: [{ path: disk, bus: 'ahci' }],
  });
}

/** The image of a stick as a device that is held for writing. */
export async function withStick<T>(stick: string, work: (target: StickTarget) => Promise<T>): Promise<T> {
  await using handle = await open(stick, 'r+');
  return await work({ device: stick, bytes: (await handle.stat()).size, handle });
}

/** The files of a stick below a folder, by their paths, read without mounting it. */
export async function filesBelow(stick: string, folder: string): Promise<Map<string, Buffer>> {
  const medium = await stickFiles(stick);
  const found = new Map<string, Buffer>();
  for (const { path } of medium?.files ?? [])
    if (path.startsWith(`${folder}/`)) found.set(path, (await medium?.read(path)) ?? Buffer.alloc(0));
  return found;
}
