import { isMediasmithError, MediasmithError } from '../../runtime/contract/errors.ts';
import type { Exec } from '../../runtime/host/exec.ts';
import type { Firmware } from './firmware.ts';
import type { DiskBus } from './machine.ts';
import { VirtualMachine } from './virtual-machine.ts';

export type DiskBootOptions = {
  disk: string;
  firmware: Firmware;
  expectLine: RegExp;
  /** How long to wait for the line. */
  seconds: number;
  folder: string;
  diskBus?: DiskBus;
  memoryMiB?: number;
  /** The firmware's variables that the deployment left; fresh ones unless given, which boot the fallback loader. */
  earlierVariables?: string;
  /** The picture after the line or the failure goes to this file. */
  screenshot?: string;
  exec?: Exec;
  signal?: AbortSignal;
};

export type DiskBootResult = {
  passed: boolean;
  line?: string;
  failure?: string;
  lastLines: readonly string[];
  seconds: number;
};

/**
 * Boots a disk alone, without a medium, until a line comes over the serial port. A disk that does not boot is a result,
 * not an error. Throws `TOOL_MISSING` without QEMU or OVMF, `INTERRUPTED` on the signal.
 */
export async function bootDisk(options: DiskBootOptions): Promise<DiskBootResult> {
  const { disk, firmware, folder, memoryMiB, earlierVariables, screenshot, exec, signal } = options;
  await using machine = await VirtualMachine.start({
    disks: [{ path: disk, bus: options.diskBus ?? 'ahci' }],
    ...{ firmware, folder, memoryMiB, earlierVariables, exec, signal },
    lastScreenshot: screenshot,
  });
  const waited = await waitForLine(machine, options);
  if (signal?.aborted) throw new MediasmithError('INTERRUPTED', 'the start of the disk was interrupted');
  // It fails where the machine has ended, and has taken its own picture.
  if (screenshot !== undefined) await machine.screenshot(screenshot).catch(() => {});
  const { seconds, error } = await machine.cut();
  if (error !== undefined) throw error;
  return { ...waited, seconds };
}

async function waitForLine(machine: VirtualMachine, { expectLine, seconds }: DiskBootOptions) {
  try {
    return { passed: true, line: await machine.waitForLine(expectLine, { seconds }), lastLines: [] };
  } catch (error) {
    if (!isMediasmithError(error)) throw error;
    return { passed: false, failure: error.message, lastLines: error.lines };
  }
}
