import { MediasmithError } from '../../contract/errors.ts';
import type { DriveLayout } from '../../native/win32-structs.ts';
import type { TargetDisk } from '../platform.ts';
import { readLayout } from './devices.ts';
import { diskNumber, giveBackScript } from './diskpart.ts';
import type { WinpeHost } from './host.ts';
import { silent } from './make-volumes.ts';
import { liesIn } from './plan-move.ts';
import { runDiskpart } from './run-diskpart.ts';

const MIB = 1024 ** 2;

/**
 * Deletes the partitions in the room of a prestaged medium and lets the volume before it have the room. After a cut it may
 * be done again: what is done already is seen in the table.
 */
export async function removeMedium(host: WinpeHost, target: TargetDisk | undefined): Promise<void> {
  const room = target?.mediumRoom;
  if (target === undefined || room === undefined) return;
  const before = target.volumes.find(({ number }) => number === room.volume);
  if (before === undefined) throw new Error(`no volume has the number ${room.volume}`);
  const wholeBytes = room.startBytes + room.bytes - before.startBytes;
  const find = ({ partitions }: DriveLayout) => ({
    volume: partitions.find(({ startBytes }) => startBytes === before.startBytes),
    // By where they lie: the numbers are Windows' own, and may be others than they were.
    medium: partitions.filter((partition) => liesIn(partition, room)),
  });
  const { volume, medium } = find(layoutOf(host, target));
  if (volume === undefined) throw gone(target, `the volume "${before.name}"`);
  const missing = Math.max(0, wholeBytes - volume.bytes) / MIB;
  const numbers = medium.map(({ number }) => number);
  const script = giveBackScript(diskNumber(target), numbers, volume.number, missing);
  const said = await runDiskpart(host, script, `the medium could not be taken off ${target.device}`, undefined);
  const after = find(layoutOf(host, target));
  if (after.medium.length > 0) throw silent('the medium is still there', said);
  if (after.volume === undefined || after.volume.bytes < wholeBytes)
    throw silent(`the volume "${before.name}" has not grown`, said);
}

function layoutOf(host: WinpeHost, target: TargetDisk): DriveLayout {
  const layout = readLayout(host.win32, target.device);
  if (layout === undefined) throw gone(target, 'the partition table');
  return layout;
}

function gone({ device }: TargetDisk, what: string): MediasmithError {
  return new MediasmithError('VOLUME_NOT_FOUND', `${what} of ${device} cannot be found any more`, {
    hint: 'Windows is installed and starts. The partitions of the medium at the end can be deleted there by hand.',
  });
}
