import type { Win32 } from '../../native/win32.ts';
import type { TargetDisk } from '../platform.ts';
import { readLayout } from './devices.ts';

/**
 * The same target with the numbers its partitions have now. Windows counts them anew when it starts: on a disk that had a
 * prestaged medium meanwhile they may be others than they were. Where the table does not say, they stay.
 */
export function withNumbers(win32: Win32, target: TargetDisk): TargetDisk {
  const places = readLayout(win32, target.device)?.partitions ?? [];
  const numbers = new Map(
    target.volumes.map(({ number, startBytes }) => {
      const place = places.find((candidate) => candidate.startBytes === startBytes);
      return [number, place?.number ?? number] as const;
    }),
  );
  const now = <T extends { number: number }>(volume: T): T => ({
    ...volume,
    number: numbers.get(volume.number) ?? volume.number,
  });
  const { windows, mediumRoom: room, replacing } = target;
  return {
    ...target,
    volumes: target.volumes.map(now),
    ...(windows !== undefined && { windows: now(windows) }),
    ...(replacing !== undefined && { replacing: numbers.get(replacing) ?? replacing }),
    ...(room !== undefined && { mediumRoom: { ...room, volume: numbers.get(room.volume) ?? room.volume } }),
  };
}
