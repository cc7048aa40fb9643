import { volumeGone } from './disk-problems.ts';
import type { TargetDisk } from './platform.ts';

/**
 * The same target with the numbers that the system it is in has for its partitions, which are told by where they begin.
 * Windows counts logical partitions otherwise than Linux does, and anew when it starts. What is in no `places` keeps its
 * number; `VOLUME_NOT_FOUND` where that has become another's and is that of a volume to be replaced. Pure.
 */
export function renumbered(target: TargetDisk, places: readonly { number: number; startBytes: number }[]): TargetDisk {
  refuseReplacedAnother(target, places);
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

/** Somebody has laid out the disk anew meanwhile: what has the number by now is not ours to clear. */
function refuseReplacedAnother(
  { volumes, replacing }: TargetDisk,
  places: readonly { number: number; startBytes: number }[],
): void {
  const volume = volumes.find(({ number }) => number === replacing);
  if (volume === undefined || places.some(({ startBytes }) => startBytes === volume.startBytes)) return;
  if (places.some(({ number }) => number === replacing)) throw volumeGone(volume.name);
}
