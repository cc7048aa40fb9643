import type { Environment } from '../../contract/step.ts';
import { diskGone } from '../disk-problems.ts';
import { tableIdentity } from '../disk-start.ts';
import { GPT_TYPES } from '../partition-table.ts';
import type { StateStore, TargetDisk, TargetVolume, Task } from '../platform.ts';
import { readAt } from '../raw-disk.ts';
import { folderState, holdsState } from '../state-folder.ts';
import { readLayout } from './devices.ts';
import { diskNumber, formatScript, lettersScript } from './diskpart.ts';
import { listDisks } from './disks.ts';
import { tryTo, type WinpeHost } from './host.ts';
import { chooseLetters, takenLetters } from './letters.ts';
import { withNumbers } from './partition-numbers.ts';
import { recoverReplaced } from './present-disks.ts';
import { runDiskpart } from './run-diskpart.ts';
import { deviceOf, letterOf } from './volumes.ts';

const MIB = 1024 ** 2;

/**
 * Where the state lies: on the system volume while Windows' own is formatted and filled, and on the volume itself where
 * it is replaced.
 */
export function openState(
  { drive }: WinpeHost,
  target: TargetDisk | undefined,
  environment: Environment,
): StateStore | undefined {
  const volume = environment === 'full-os' ? target?.windows : target?.volumes.find(isPlace(target));
  if (volume === undefined || volume.fileSystem === 'none') return undefined;
  return folderState(drive(letterOf(volume)), deviceOf(letterOf(volume)));
}

function isPlace({ replacing }: TargetDisk): (volume: TargetVolume) => boolean {
  return replacing === undefined ? ({ role }) => role === 'system' : ({ number }) => number === replacing;
}

/** Looks at every drive of a fixed disk. */
export async function findStates(host: WinpeHost): Promise<StateStore[]> {
  const { win32, drive } = host;
  await showSystemVolumes(host);
  const states: StateStore[] = [];
  for (const letter of win32.driveLetters()) {
    if (win32.driveType(letter) !== 'fixed' || !(await holdsState(drive(letter)))) continue;
    states.push(folderState(drive(letter), deviceOf(letter)));
  }
  return states;
}

/** Windows gives an EFI system volume no letter: those of disks that are being deployed get one. */
async function showSystemVolumes(host: WinpeHost): Promise<void> {
  for (const { device, unfinished } of await listDisks(host)) {
    if (!unfinished) continue;
    const system = readLayout(host.win32, device)?.partitions.filter(({ type }) => type === GPT_TYPES.system) ?? [];
    const letters = chooseLetters(
      system.map(() => ({ role: 'system', fileSystem: 'fat32' })),
      takenLetters(host.win32),
    );
    if (system.length === 0) continue;
    const script = lettersScript(diskNumber({ device }), system, letters);
    await tryTo(host, () => runDiskpart(host, script, `the system volume of ${device} gets no letter`, undefined));
  }
}

/** Makes one volume's file system anew; it keeps its letter. */
export async function formatVolume(host: WinpeHost, volume: TargetVolume, { signal }: Task): Promise<void> {
  const letter = letterOf(volume);
  await runDiskpart(host, formatScript(letter, volume), `${letter}: could not be formatted`, signal);
}

/** The disk with the same table, whatever its number is this time, its volumes under letters of this start. */
export async function recoverTarget(host: WinpeHost, target: TargetDisk): Promise<TargetDisk> {
  const wanted = `${target.style} ${target.identity}`.toLowerCase();
  for (const { device } of await listDisks(host)) {
    const start = await readAt(device, 0, MIB).catch(() => undefined);
    if (start === undefined || tableIdentity(start)?.toLowerCase() !== wanted) continue;
    const here = withNumbers(host.win32, { ...target, device });
    return target.replacing === undefined ? withLetters(host, here) : recoverReplaced(host, here);
  }
  throw diskGone(wanted);
}

async function withLetters(host: WinpeHost, target: TargetDisk): Promise<TargetDisk> {
  const letters = chooseLetters(target.volumes, takenLetters(host.win32));
  const script = lettersScript(diskNumber(target), target.volumes, letters);
  await runDiskpart(host, script, `the volumes of ${target.device} get no letters`, undefined);
  const volumes = target.volumes.map((volume, index) => {
    const letter = letters[index];
    return letter === undefined ? volume : { ...volume, device: deviceOf(letter) };
  });
  const windows = volumes.find(({ number }) => number === target.windows?.number);
  return { ...target, volumes, ...(windows !== undefined && { windows }) };
}
