import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MediasmithError } from '../../runtime/contract/errors.ts';
import type { Emit } from '../../runtime/contract/events.ts';
import { formatBytes } from '../../runtime/contract/format-bytes.ts';
import type { Exec } from '../../runtime/host/exec.ts';
import { followBoot } from './boot-follow.ts';
import { type BootedStep, BootRecord } from './boot-record.ts';
import { allocatedBytes, createDisk, createDiskFrom } from './disk.ts';
import type { Firmware } from './firmware.ts';
import type { DiskBus, MachineHardware } from './machine.ts';
import { VirtualMachine } from './virtual-machine.ts';

/** disk: the medium is the beginning of the machine's own disk, and there is no other. */
export type AttachedAs = 'cdrom' | 'usb' | 'disk';

export type BootTestOptions = {
  medium: string;
  firmware: Firmware;
  as: AttachedAs;
  diskBytes: number;
  /** For the disk, the screenshots and the serial log. */
  folder: string;
  diskBus?: DiskBus;
  memoryMiB?: number;
  system?: MachineHardware['system'];
  /** From switching on to the end; 3600 unless given. */
  sequenceTimeoutSeconds?: number;
  /** How long nothing may come over the serial port; 180 unless given, which is long enough in emulation. */
  secondsSilent?: number;
  /** Leaves the disk's file in the folder. */
  keepDisk?: boolean;
  emit?: Emit;
  exec?: Exec;
  signal?: AbortSignal;
};

export type BootTestResult = {
  passed: boolean;
  firmware: Firmware;
  as: AttachedAs;
  seconds: number;
  /** From switching on to the runtime's first event; null where it never came. */
  secondsToRuntime: number | null;
  steps: readonly BootedStep[];
  screenshots: readonly string[];
  failure?: string;
  /** The last serial lines of a test that failed. */
  lastLines: readonly string[];
  /** Gone after the test unless `keepDisk` was asked for. */
  disk: string;
  diskBytesWritten: number;
  serialLog: string;
  /** The firmware's variables as the deployment left them: `earlierVariables` of the next machine. */
  variables: string;
};

const LAST_LINES = 20;

/**
 * Boots a medium in a virtual machine with one disk, empty unless the medium lies on it, and follows the runtime to its end. It has passed when the
 * runtime reports success and the machine then ends in the way the runtime announced. A medium that fails is a result,
 * not an error. Throws `MEDIUM_NOT_FOUND`, `NO_SPACE` for a disk that is smaller than the medium on it, `TOOL_MISSING` without QEMU or OVMF, `TOOL_FAILED` when QEMU itself fails,
 * `INTERRUPTED` on the signal.
 */
export async function runBootTest(options: BootTestOptions): Promise<BootTestResult> {
  const { firmware, as, folder, diskBytes, signal } = options;
  const { size } = await requireMedium(options.medium);
  if (as === 'disk' && size > diskBytes) throw tooSmall(options.medium, size);
  const disk = join(folder, 'disk.img');
  const pictures = join(folder, 'screenshots');
  await rm(pictures, { recursive: true, force: true });
  await mkdir(pictures, { recursive: true });
  try {
    await (as === 'disk' ? createDiskFrom(options.medium, disk, diskBytes) : createDisk(disk, diskBytes));
    const { record, end, machine } = await bootAndFollow(options, disk, pictures);
    if (signal?.aborted) throw new MediasmithError('INTERRUPTED', 'the boot test was interrupted');
    const failure = record.failure(end.reason);
    return {
      passed: failure === undefined,
      firmware,
      as,
      seconds: end.seconds,
      secondsToRuntime: record.secondsToRuntime ?? null,
      steps: record.steps,
      screenshots: (await readdir(pictures)).sort().map((name) => join(pictures, name)),
      ...(failure !== undefined && { failure }),
      lastLines: failure === undefined ? [] : machine.lines().slice(-LAST_LINES),
      disk,
      diskBytesWritten: await allocatedBytes(disk),
      serialLog: machine.serialLog,
      variables: machine.variables,
    };
  } finally {
    if (options.keepDisk !== true) await rm(disk, { force: true });
  }
}

function requireMedium(medium: string): Promise<{ size: number }> {
  return stat(medium).catch((cause) => {
    throw new MediasmithError('MEDIUM_NOT_FOUND', 'there is no medium to boot', { where: medium, cause });
  });
}

function tooSmall(medium: string, bytes: number): MediasmithError {
  return new MediasmithError('NO_SPACE', `the disk must hold the medium that lies on it: ${formatBytes(bytes)}`, {
    where: medium,
    hint: 'Give a larger --disk: Windows needs room beside it.',
  });
}

async function bootAndFollow(options: BootTestOptions, disk: string, pictures: string) {
  const { medium, as, firmware, folder, memoryMiB, system, exec, signal } = options;
  const lastScreenshot = join(pictures, 'end.png');
  await using machine = await VirtualMachine.start({
    ...(as !== 'disk' && { medium: { path: medium, as } }),
    disks: [{ path: disk, bus: options.diskBus ?? 'ahci' }],
    ...{ firmware, folder, memoryMiB, system, lastScreenshot, exec, signal },
  });
  const record = new BootRecord();
  const end = await followBoot(machine, record, {
    secondsSilent: options.secondsSilent ?? 180,
    secondsInAll: options.sequenceTimeoutSeconds ?? 3600,
    screenshots: pictures,
    lastScreenshot,
    emit: options.emit,
  });
  return { record, end, machine };
}
