import { appendFile, readdir, readFile, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { liesOnBootVolume } from '../../runtime/contract/manifest.ts';
import { type Contents, MEDIUM_FILES, twoVolumes } from './prestaged-partitions.ts';
import { giveLettersAnew, putPartitions, wholePlaces } from './prestaged-winpe.ts';
import type { StandInMachine } from './stand-in-diskpart.ts';
import type { StubPlan, StubReply } from './wine-stubs.ts';
import { openWinpe, type Winpe, type WinpeMedium } from './wine-winpe.ts';

/** Wine says of every drive that it is on this disk. */
const DISK = 0;
const LETTERS = [...'DEFGHIJKLMNOPQRSTUVWYZ'];
const DRIVES_KEY = 'Software\\\\Wine\\\\Drives';

/** What it starts from; the rest comes with a medium of {@link openWinpe}. */
const BOOT_FILES = Object.fromEntries(
  Object.entries(MEDIUM_FILES)
    .filter(([path]) => liesOnBootVolume(path))
    .map(([path, text]) => [path, Buffer.from(text)]),
);

/** A machine that has started WinPE from a prestaged medium on its one disk, which diskpart's stand-in really changes. */
export type WinePrestaged = AsyncDisposable & {
  winpe: Winpe;
  machine: StandInMachine;
  /** As {@link Winpe.begin}, with the medium on a GPT disk: data at D:, and what firmware starts without a letter. */
  begin(medium: WinpeMedium, plan?: StubPlan, bytes?: number): Promise<void>;
  /** The disk as it is, its volumes under the letters that Windows gives them. */
  startAgain(plan?: StubPlan): Promise<void>;
  /** Where the disk has the whole medium of `begin`, in bytes from its start. */
  places(): Promise<{ boot: number[]; data: number[] }>;
};

export async function openWinePrestaged(): Promise<WinePrestaged> {
  await using opened = new AsyncDisposableStack();
  const winpe = opened.use(await openWinpe());
  const { wine } = winpe;
  // Windows counts its drives by their letters: all that a test may have must be there when it starts.
  const dosdevices = join(await wine.drive('C'), '../dosdevices');
  // Wine's own, which leads to nothing here.
  await rm(join(dosdevices, 'z:'), { force: true });
  for (const letter of LETTERS) await wine.promiseDrive(letter);
  const folder = join(await wine.drive('D'), '../..');
  await appendFile(join(dosdevices, '../system.reg'), `\n[${DRIVES_KEY}] 1\n"x:"="ramdisk"\n`);
  const owned = opened.move();
  let bytes = 0;
  let files: Contents = {};
  const machine: StandInMachine = {
    disk: (number) => ({ file: join(folder, 'disks', String(number)), bytes }),
    drive: (letter) => join(folder, 'drives', letter.toLowerCase()),
    hidden: (name) => join(dosdevices, `volume{${name.toLowerCase()}}`),
    lettersFile: join(folder, 'letters.json'),
  };
  const acting = (plan: StubPlan): StubPlan => ({ diskpart: { acts: true }, ...plan });
  return {
    winpe,
    machine,
    begin: async (medium, plan = {}, diskBytes = 40 * 1024 ** 3) => {
      bytes = diskBytes;
      await rm(join(winpe.boot, 'done'), { force: true });
      const contents = { ...BOOT_FILES, ...medium.contents };
      await winpe.begin({ ...medium, contents, prestaged: true }, acting(plan));
      await wine.disk(DISK, bytes);
      await rm(join(dosdevices, 'physicaldrive1'), { force: true });
      files = await filesBelow(machine.drive('D'));
      for (const letter of LETTERS) await rm(machine.drive(letter), { recursive: true, force: true });
      await putPartitions(machine, 'gpt', twoVolumes('gpt', files));
    },
    startAgain: async (plan = {}) => {
      await giveLettersAnew(machine, 'gpt');
      await winpe.startAgain(acting(plan));
    },
    places: () => wholePlaces(machine, files),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function filesBelow(folder: string): Promise<Contents> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const files = paths.map(async (path) => [relative(folder, path), await readFile(path)] as const);
  return Object.fromEntries(await Promise.all(files));
}

/** A reply after which the power is cut; {@link isCut} tells when. */
export const CUT: StubReply = { acts: true, files: { 'X:\\done': '' }, waitsFor: 'X:\\never' };

export async function isCut({ boot }: Winpe): Promise<boolean> {
  return readFile(join(boot, 'done')).then(
    () => true,
    () => false,
  );
}
