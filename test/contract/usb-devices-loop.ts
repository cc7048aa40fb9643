import { execFile } from 'node:child_process';
import { chmod, truncate, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';
import { type Exec, exec as realExec } from '../../runtime/host/exec.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { type Entry, listing, stick } from '../unit/builder/usb/listings.ts';

export const run = promisify(execFile);

export const LOOP_BYTES = 8 * 1024 * 1024;
export const SERIAL = 'LOOP-0001';

/** A loop device, which an lsblk of our own takes for a stick. */
export type LoopStick = { device: string; image: string; detach: () => Promise<void> };

/** Needs root. Gone when the test has ended. */
export async function loopStick(): Promise<LoopStick> {
  const image = join(await temporaryFolder(), 'stick.img');
  await writeFile(image, Buffer.alloc(LOOP_BYTES, 0x5a));
  const { stdout } = await run('losetup', ['--find', '--show', image]);
  const device = stdout.trim();
  let attached = true;
  // Once only: by then the number may be another image's.
  const detach = async (): Promise<void> => {
    if (attached) await run('losetup', ['--detach', device]);
    attached = false;
  };
  onTestFinished(detach);
  return { device, image, detach };
}

/** The image gets another size, and the loop device takes it over. */
export async function resize({ device, image }: LoopStick, bytes: number): Promise<void> {
  await truncate(image, bytes);
  await run('losetup', ['--set-capacity', device]);
}

/** What lsblk would print if the loop device were a stick. The kernel's name is no loop's, or it would be no disk. */
export const asStick = ({ device }: LoopStick, fields: Entry = {}): Entry =>
  stick('sdz', { path: device, size: LOOP_BYTES, serial: SERIAL, ...fields });

/** An lsblk that prints what it is told, first on the path. */
export type ScriptedLsblk = { env: { PATH: string }; exec: Exec; print: (...entries: Entry[]) => Promise<void> };

export async function scriptedLsblk(...entries: Entry[]): Promise<ScriptedLsblk> {
  const folder = await temporaryFolder();
  const file = join(folder, 'listing.json');
  await writeFile(join(folder, 'lsblk'), `#!/bin/sh\nexec cat '${file}'\n`);
  await chmod(join(folder, 'lsblk'), 0o755);
  const print = (...next: Entry[]): Promise<void> => writeFile(file, listing(...next));
  await print(...entries);
  const env = { PATH: `${folder}${delimiter}${process.env.PATH}` };
  const exec: Exec = (argv, options) => realExec(argv, { ...options, env: { ...options?.env, ...env } });
  return { env, exec, print };
}
