import { randomUUID } from 'node:crypto';
import { open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { liesOnBootVolume } from '../../runtime/contract/manifest.ts';
import { GPT_TYPES } from '../../runtime/platform/partition-table.ts';
import { layoutOfImage } from '../../runtime/platform/winpe/layout-of-image.ts';
import { type Contents, type PartitionWish, prestagedFiles } from './prestaged-partitions.ts';
import { readLetters, type StandInMachine, standInDiskpart } from './stand-in-diskpart.ts';
import { tableWrites } from './stand-in-table.ts';
import { writeFiles } from './temporary-folder.ts';
import { type Reply, type TestHost, winpeHost } from './winpe-host.ts';

export const MIB = 1024 ** 2;
export const GIB = 1024 ** 3;
const SIGNS = { ntfs: [3, 'NTFS    '], exfat: [3, 'EXFAT   '], fat32: [82, 'FAT32   '] } as const;

export type PrestagedWinpe = {
  host: TestHost;
  machine: StandInMachine;
  /** What diskpart does in place of what it would, by how often it was called before. */
  replies: Map<number, (act: () => Reply) => Reply>;
  /** As after a restart: every volume has the letter that Windows gives it. */
  startAgain(): Promise<void>;
};

/** A machine that has started WinPE from its disk 0: what has a letter is a folder, diskpart a stand-in that acts. */
export async function prestagedWinpe(
  partitions: readonly PartitionWish[],
  { style = 'gpt', bytes = 40 * GIB }: { style?: 'gpt' | 'mbr'; bytes?: number } = {},
): Promise<PrestagedWinpe> {
  const replies: PrestagedWinpe['replies'] = new Map();
  let calls = 0;
  const host = await winpeHost({
    diskpart: (line) => {
      const script = line.slice(line.indexOf(' ') + 1).replaceAll('; ', '\r\n');
      const act = (): Reply => {
        const done = standInDiskpart(script, machine);
        show();
        return done;
      };
      const reply = replies.get(calls++);
      return reply === undefined ? act() : reply(act);
    },
  });
  const machine: StandInMachine = {
    disk: (number) => ({ file: host.disk(number), bytes }),
    drive: host.drive,
    hidden: host.volume,
    lettersFile: join(dirname(host.disk(0)), 'letters.json'),
  };
  host.windows.disks[host.disk(0)] = { bytes, bus: 17 };
  await putPartitions(machine, style, partitions);
  const show = (): void => {
    const parts = layoutOfImage(host.disk(0))?.partitions ?? [];
    const drives = Object.entries(readLetters(machine)).map(([letter, { startBytes }]) => {
      const partition = parts.find((part) => part.startBytes === startBytes)?.number ?? 0;
      return [letter, { type: 'fixed', disk: 0, partition }] as const;
    });
    host.windows.drives = { X: { type: 'ramdisk' }, ...Object.fromEntries(drives) };
  };
  show();
  return {
    host,
    machine,
    replies,
    startAgain: async () => {
      await giveLettersAnew(machine, style);
      show();
      calls = 0;
      replies.clear();
    },
  };
}

/** Makes the file of disk 0 and the folders of its volumes. */
export async function putPartitions(
  machine: StandInMachine,
  style: 'gpt' | 'mbr',
  wishes: readonly PartitionWish[],
): Promise<void> {
  const { file, bytes } = machine.disk(0);
  const partitions = wishes.map(({ type = '', ...wish }) => ({
    ...wish,
    ...(style === 'gpt' && { type, guid: randomUUID() }),
  }));
  await using disk = await open(file, 'w+');
  await disk.truncate(bytes);
  const identity = style === 'gpt' ? randomUUID() : '0badcafe';
  for (const { data, offset } of tableWrites({ style, identity, partitions }))
    await disk.write(data, 0, data.length, offset);
  for (const { fileSystem, startBytes } of partitions) {
    if (fileSystem === undefined) continue;
    const [offset, word] = SIGNS[fileSystem];
    await disk.write(Buffer.from(word), 0, word.length, startBytes + offset);
  }
  const letters: Record<string, object> = {};
  for (const [index, { letter, files, startBytes }] of wishes.entries()) {
    if (files === undefined) continue;
    const guid = partitions[index]?.guid;
    await writeFiles(letter === undefined ? machine.hidden(guid ?? '') : machine.drive(letter), files);
    if (letter !== undefined) letters[letter] = { disk: 0, startBytes };
  }
  await writeFile(machine.lettersFile, JSON.stringify(letters));
}

/**
 * Volumes of data get letters by the numbers of their partitions, D for the second: so Wine counts its drives. Those that
 * firmware starts get none.
 */
export async function giveLettersAnew(machine: StandInMachine, style: 'gpt' | 'mbr'): Promise<void> {
  const shelf = (startBytes: number): string => machine.hidden(`shelf-${startBytes}`);
  const volumes = volumesOf(machine);
  for (const { startBytes, folder } of volumes) {
    const there = await stat(folder).catch(() => undefined);
    if (there !== undefined) await rename(folder, shelf(startBytes));
  }
  const letters: Record<string, object> = {};
  for (const { number, startBytes, type, hidden } of volumes) {
    const there = await stat(shelf(startBytes)).catch(() => undefined);
    if (there === undefined) continue;
    const shown = style === 'mbr' || type === GPT_TYPES.primary;
    const letter = String.fromCharCode('B'.charCodeAt(0) + number);
    if (shown) letters[letter] = { disk: 0, startBytes };
    await rm(hidden, { recursive: true, force: true });
    await rename(shelf(startBytes), shown ? machine.drive(letter) : hidden);
  }
  await writeFile(machine.lettersFile, JSON.stringify(letters));
}

type Volume = { number: number; startBytes: number; type: string | undefined; hidden: string; folder: string };

/** The volumes there are, with the folder that each is now, and what it is without a letter. */
function volumesOf(machine: StandInMachine): Volume[] {
  const letters = Object.entries(readLetters(machine));
  return (layoutOfImage(machine.disk(0).file)?.partitions ?? []).map(({ number, startBytes, type, guid }) => {
    const letter = letters.find(([, place]) => place.startBytes === startBytes)?.[0];
    const hidden = machine.hidden(guid ?? `0-${startBytes}`);
    return { number, startBytes, type, hidden, folder: letter === undefined ? hidden : machine.drive(letter) };
  });
}

/** Where the disk has all of these files: one place for what firmware starts and one for the rest. */
export async function wholePlaces(
  machine: StandInMachine,
  files: Contents = prestagedFiles(),
): Promise<{ boot: number[]; data: number[] }> {
  const volumes = volumesOf(machine);
  const has = async (folder: string, paths: readonly string[]): Promise<boolean> => {
    for (const path of paths) {
      const found = await readFile(join(folder, path)).catch(() => undefined);
      if (found === undefined || !found.equals(Buffer.from(files[path] ?? ''))) return false;
    }
    return true;
  };
  const paths = Object.keys(files);
  const found = async (boot: boolean): Promise<number[]> => {
    const wanted = paths.filter((path) => liesOnBootVolume(path) === boot);
    const held = await Promise.all(volumes.map(({ folder }) => has(folder, wanted)));
    return volumes.filter((_, index) => held[index]).map(({ startBytes }) => startBytes);
  };
  return { boot: await found(true), data: await found(false) };
}
