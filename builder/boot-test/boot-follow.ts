import { join } from 'node:path';
import type { Emit, RunEvent } from '../../runtime/contract/events.ts';
import type { BootRecord, FollowEnd } from './boot-record.ts';
import type { VirtualMachine } from './virtual-machine.ts';

export type FollowOptions = {
  secondsSilent: number;
  secondsInAll: number;
  /** The folder for a picture of each phase. */
  screenshots: string;
  /** For the picture of a machine that does not end itself. */
  lastScreenshot: string;
  emit?: Emit | undefined;
};

const MAX_SCREENSHOTS = 12;

/**
 * Follows a machine until it ends or there is nothing more to wait for, and switches it off then. What the runtime
 * says goes into the record and to `emit`. Throws what QEMU said when it failed.
 */
export async function followBoot(
  machine: VirtualMachine,
  record: BootRecord,
  options: FollowOptions,
): Promise<{ reason: FollowEnd; seconds: number }> {
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1000;
  const enough = Promise.withResolvers<FollowEnd>();
  const silence = setTimeout(() => enough.resolve('silent'), options.secondsSilent * 1000);
  const limit = setTimeout(() => enough.resolve('timeout'), options.secondsInAll * 1000);
  const photograph = phasePhotographer(machine, options.screenshots);
  machine.onLine(() => silence.refresh());
  machine.onEvent((event) => {
    record.add(event, seconds());
    photograph(event);
    options.emit?.(event);
    if (event.event === 'finished' && event.action === 'shell') enough.resolve('shell');
  });
  try {
    const reason = await Promise.race([ownEnd(machine), enough.promise]);
    // It answers after the pictures asked for before; it fails where the machine has ended and taken its own.
    await machine.screenshot(options.lastScreenshot).catch(() => {});
    return { reason, seconds: seconds() };
  } finally {
    clearTimeout(silence);
    clearTimeout(limit);
    await machine.cut();
  }
}

async function ownEnd(machine: VirtualMachine): Promise<FollowEnd> {
  const { reason, error } = await machine.exited;
  if (error !== undefined) throw error;
  return reason;
}

function phasePhotographer(machine: VirtualMachine, folder: string): (event: RunEvent) => void {
  let taken = 0;
  return (event) => {
    if (event.event !== 'phase' || taken === MAX_SCREENSHOTS) return;
    taken += 1;
    const name = `${String(taken).padStart(2, '0')}-${event.phase}.png`;
    // A machine that has just ended has no picture, and the test goes on without it.
    machine.screenshot(join(folder, name)).catch(() => {});
  };
}
