import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { windowsPartition, withPartition } from './e2e-disk.ts';
import { logsOf } from './e2e-events.ts';
import type { MachineRun } from './e2e-machine.ts';
import { readNtfsFile } from './e2e-ntfs.ts';

const SECRET = 'Zq7-value-of-the-pin';

/** Steps that give a run a secret, and have it said. */
export const SECRET_STEPS = [
  { step: 'set-variable', variable: 'Pin', value: SECRET, secret: true },
  { step: 'run-command-line', name: 'Say it', command: ['echo', 'the pin is %Pin%'] },
] as const;

/** What those steps knew is masked everywhere, and nowhere to be read. */
export async function expectSecretMasked(run: MachineRun, place: { folder: string; disk: string }): Promise<void> {
  expect(logsOf(run.events, 'run-command-line')).toContain('the pin is ********');
  await expectKeptSecret([SECRET], run, place);
}

/** The keys, as QEMU names them, of a text of small letters, digits and spaces. */
export function keysOf(text: string): string[] {
  return [...text].map((letter) => (letter === ' ' ? 'spc' : letter));
}

/**
 * None of these texts stands in what a machine has said, by its events or in any other way on the serial port; `folder` is
 * the machine's. With a disk that was deployed neither in the log that was left there.
 */
export async function expectKeptSecret(
  secrets: readonly string[],
  { events }: Pick<MachineRun, 'events'>,
  { folder, disk }: { folder: string; disk?: string },
): Promise<void> {
  const said = {
    events: JSON.stringify(events),
    serial: await readFile(join(folder, 'serial.log'), 'latin1'),
    ...(disk !== undefined && { log: await deployedFile(disk, 'Windows/Logs/Mediasmith/smsts.log', folder) }),
  };
  for (const [place, text] of Object.entries(said)) {
    expect(text.length, place).toBeGreaterThan(0);
    for (const secret of secrets) expect(text.includes(secret), `${secret} in ${place}`).toBe(false);
  }
}

/** A file of the Windows volume of a disk, as text. */
export async function deployedFile(disk: string, path: string, folder: string): Promise<string> {
  const read = (device: string) => readNtfsFile(device, path, join(folder, 'read-file'));
  const file = await withPartition(disk, await windowsPartition(disk), read);
  return file.toString('utf8');
}
