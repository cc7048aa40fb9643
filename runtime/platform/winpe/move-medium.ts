import { mediumFactsAt } from '../hold-medium.ts';
import { manifestIdAt } from '../manifest-id.ts';
import type { PartitionTask } from '../platform.ts';
import { copyVolume, filesToCopy } from './copy-volume.ts';
import { readLayout } from './devices.ts';
import { diskNumber, type MediumVolume, mediumVolumesScript, takeOverScript } from './diskpart.ts';
import type { WinpeHost } from './host.ts';
import { spareLetters, takenLetters } from './letters.ts';
import { answers, silent } from './make-volumes.ts';
import type { MediumPlace } from './plan-move.ts';
import type { DiskPartition, MediumPartition, PrestagedMedium } from './prestaged-medium.ts';
import { runDiskpart } from './run-diskpart.ts';

const ROLES = ['boot', 'data'] as const;

/**
 * Puts a prestaged medium into other partitions of its disk, which has nothing else. Resolves to where it is then.
 *
 * The machine starts from one of the two all the time: the copy of the volume with the manifest is the last, its manifest
 * the last of it, and only when everything was read back do the old partitions go. Two things are not in our hands: Windows
 * writes a table sector by sector, so that a cut in that moment leaves what firmware makes of its two copies, and a GPT
 * that came with a smaller image has its second copy in the middle of the disk until Windows writes it for the first time.
 */
export async function moveMedium(
  host: WinpeHost,
  medium: PrestagedMedium,
  places: readonly MediumPlace[],
  task: PartitionTask,
): Promise<PrestagedMedium> {
  const { signal } = task;
  const { disk, style, label } = medium;
  const number = diskNumber({ device: disk });
  const letters = spareLetters(places.length, takenLetters(host.win32));
  const volumes = places.map((place, index): MediumVolume => ({ ...place, label, letter: letters[index] ?? '' }));
  const making = mediumVolumesScript(number, style, volumes);
  const made = await runDiskpart(host, making, `${disk}: no place for the medium could be made`, signal);
  const moved = volumes.map((volume) => describe(host, disk, volume, made));
  for (const { letter, role } of volumes) await answers(host, letter, role, made, signal);
  await copyMedium(medium, moved, task);
  const [data, now] = [dataOf(medium.partitions), dataOf(moved)];
  const taking = takeOverScript(number, {
    active: style === 'mbr' ? (moved.find(({ role }) => role === 'boot') ?? now).number : undefined,
    // Told by where they begin: others have gone since, and new ones have come.
    old: medium.partitions.map(({ startBytes }) => partitionAt(host, disk, startBytes, made).number),
    letters: { medium: data.letter ?? '', now: now.letter ?? '' },
  });
  const said = await runDiskpart(host, taking, `${disk}: the medium could not be taken out of its old place`, signal);
  await answers(host, data.letter ?? '', 'data', said, signal);
  if ((await manifestIdAt(data.root)) !== medium.id) throw silent(`the medium is not ${data.letter}:`, said);
  return { ...medium, partitions: moved.map((part) => (part === now ? { ...now, ...lettersOf(data) } : part)) };
}

function describe(host: WinpeHost, disk: string, volume: MediumVolume, said: readonly string[]): MediumPartition {
  const { role, fileSystem, startBytes, letter } = volume;
  return { ...partitionAt(host, disk, startBytes, said), role, fileSystem, letter, root: host.drive(letter) };
}

function partitionAt(host: WinpeHost, disk: string, startBytes: number, said: readonly string[]): DiskPartition {
  const place = readLayout(host.win32, disk)?.partitions.find((candidate) => candidate.startBytes === startBytes);
  if (place === undefined) throw silent('a partition of the medium is not there', said);
  return place;
}

/** What the machine starts from first: without the other it finds the old one. */
async function copyMedium(
  { id, partitions }: PrestagedMedium,
  to: readonly MediumPartition[],
  { signal, onMove }: PartitionTask,
): Promise<void> {
  const parts = await Promise.all(
    ROLES.flatMap((role) => {
      const [from, target] = [partitions, to].map((list) => list.find((part) => part.role === role));
      if (from === undefined || target === undefined) return [];
      return filesToCopy(from.root, id).then((files) => ({ files, from: from.root, to: target.root }));
    }),
  );
  const facts = await mediumFactsAt(dataOf(partitions).root);
  const listed = new Map((facts?.files ?? []).map((file) => [file.path, file]));
  const bytes = parts.flatMap(({ files }) => files).reduce((sum, file) => sum + file.bytes, 0);
  const totalBytes = 2 * bytes;
  let doneBytes = 0;
  const onBytes = (count: number): void => {
    doneBytes += count;
    onMove?.({ doneBytes, totalBytes });
  };
  for (const { files, ...roots } of parts)
    await copyVolume(files, { ...roots, mediumId: id }, { listed, signal, onBytes });
}

function dataOf(partitions: readonly MediumPartition[]): MediumPartition {
  const data = partitions.find(({ role }) => role === 'data');
  if (data === undefined) throw new Error('a medium has a volume with its manifest');
  return data;
}

function lettersOf({ letter, root }: MediumPartition): Pick<MediumPartition, 'letter' | 'root'> {
  return { letter, root };
}
