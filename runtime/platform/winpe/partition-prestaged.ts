import { win32 as windowsPath } from 'node:path';
import { MediasmithError } from '../../contract/errors.ts';
import type { Disk } from '../../contract/machine.ts';
import { exists } from '../../host/exists.ts';
import type { DriveLayout } from '../../native/win32-structs.ts';
import type { PartitionTable } from '../partition-table.ts';
import type { PartitionTask, TargetDisk } from '../platform.ts';
import { readLayout } from './devices.ts';
import { diskNumber, identityScript, removePartitionsScript } from './diskpart.ts';
import type { WinpeHost } from './host.ts';
import { makeVolumes } from './make-volumes.ts';
import { moveMedium } from './move-medium.ts';
import { claimDisk, refuseInUse, refuseWithoutLetters } from './partition.ts';
import { planMove } from './plan-move.ts';
import type { PrestagedMedium } from './prestaged-medium.ts';
import { runDiskpart } from './run-diskpart.ts';

/**
 * Lays out the disk that the medium itself lies on, without diskpart's `clean`: everything else goes, the medium moves into
 * its room at the end, and then the new partitions come. After a cut at any moment the machine starts from the medium
 * again, and what is done already is done again or kept.
 */
export async function partitionPrestaged(
  host: WinpeHost,
  disk: Disk,
  { table, claim, medium }: { table: PartitionTable; claim: string; medium: PrestagedMedium },
  task: PartitionTask & { ownLetters: readonly string[] },
): Promise<TargetDisk> {
  const { signal, onProgress, ownLetters } = task;
  const letters = medium.partitions.map(({ letter }) => letter);
  refuseInUse(
    host,
    disk,
    ownLetters.filter((letter) => !letters.includes(letter)),
  );
  const { device } = disk;
  const { style, partitions, others } = medium;
  const makesExfat = await exists(windowsPath.join(host.systemRoot, 'System32', 'uexfat.dll'));
  const plan = planMove({ device, style, partitions, table, makesExfat });
  refuseWithoutLetters(host, disk, plan.table, letters);
  const totalBytes = Math.max(...table.partitions.map(({ startBytes, bytes }) => startBytes + bytes));
  onProgress?.({ doneBytes: 0, totalBytes });
  if (others.length > 0) {
    const numbers = others.map(({ number }) => number).sort((a, b) => b - a);
    const script = removePartitionsScript(diskNumber(disk), numbers);
    await runDiskpart(host, script, `${device} could not be emptied beside the medium`, signal);
  }
  // With the medium alone on it the disk counts as empty until then.
  await claimDisk(host, disk, table, claim);
  let lies = medium;
  for (const places of plan.moves) lies = await moveMedium(host, lies, places, task);
  const identity = await giveIdentity(host, disk, plan.table, signal);
  const volumes = await makeVolumes(host, disk, { ...plan.table, identity }, signal);
  onProgress?.({ doneBytes: totalBytes, totalBytes });
  const volume = volumes[plan.room.volume - 1]?.number ?? plan.room.volume;
  return { device, style, identity, volumes, mediumRoom: { ...plan.room, volume } };
}

/**
 * Every disk from one image has one identity. A GPT disk gets its own; on an MBR disk Windows knows its volumes by it, and
 * would take the medium's letter away.
 */
async function giveIdentity(
  host: WinpeHost,
  disk: Disk,
  { style, identity }: PartitionTable,
  signal: AbortSignal | undefined,
): Promise<string> {
  if (style === 'gpt') {
    const script = identityScript(diskNumber(disk), identity);
    await runDiskpart(host, script, `${disk.device} could not be given its identity`, signal);
  }
  return tableOf(host, disk).identity;
}

function tableOf(host: WinpeHost, { device }: Disk): DriveLayout {
  const layout = readLayout(host.win32, device);
  if (layout !== undefined) return layout;
  throw new MediasmithError('VOLUME_NOT_FOUND', `the partition table of ${device} cannot be read any more`, {
    hint: 'Start the machine again: the medium is at the end of the disk.',
  });
}
