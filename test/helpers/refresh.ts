import { execFileSync } from 'node:child_process';
import { link, mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from '../../builder/cache-folder.ts';
import { makeDemoImage } from '../../builder/demo/windows-image.ts';
import type { RunEvent } from '../../runtime/contract/events.ts';
import { Variables } from '../../runtime/contract/variables.ts';
import type { Journal } from '../../runtime/engine/journal/journal.ts';
import { runSequence } from '../../runtime/engine/run-sequence.ts';
import { exec } from '../../runtime/host/exec.ts';
import { Sequence } from '../../runtime/sequence/schema.ts';
import { writeFakeMedium } from './fake-medium.ts';
import { aJournal } from './run.ts';
import { temporaryFolder, writeFiles } from './temporary-folder.ts';
import { type WindowsDisk, windowsDisk } from './windows-disk.ts';

/** A file of a user, in a store that keeps it by a link. */
export const STORE = '_SMSTaskSequence/UserState/USMT/File/C$/Users/bob/plan.txt';
export const PLAN = 'what bob has planned';
/** A folder of OneDrive: a tag that only its own driver follows (Microsoft: IO_REPARSE_TAG_CLOUD_7), 4 bytes, data. */
const CLOUD_FOLDER = '0x1a70009004000000deadbeef';
const LOADERS = ['EFI/Microsoft/Boot/bootmgfw.efi', 'EFI/Boot/bootx64.efi'];

/** A stand-in for a Windows image with two editions. */
export async function standInImage(): Promise<string> {
  const size = { files: 200, bytes: 5_000_000 };
  return (await makeDemoImage({ folder: join(cacheFolder(), 'refresh'), exec, emit: () => {}, size })).path;
}

/** The first edition, with a user and his state captured by links, and everything that is hard to remove. */
export async function usedDisk(image: string): Promise<WindowsDisk> {
  const disk = await windowsDisk(image, 1, { windowsMib: 160 });
  await using volume = await disk.mount('write');
  const { path } = volume;
  await writeFiles(path, {
    'Users/bob/plan.txt': PLAN,
    'Users/bob/OneDrive/sub/b.txt': 'b',
    'StateStore/PC1/USMT/USMT.MIG': 'another store',
    'Old/file.txt': 'x',
    'pagefile.sys': 'x',
    'System Volume Information/tracking.log': 'x',
  });
  await mkdir(join(path, STORE, '..'), { recursive: true });
  await link(join(path, 'Users/bob/plan.txt'), join(path, STORE));
  const set = (name: string, value: string, file: string) =>
    execFileSync('setfattr', ['-h', '-n', name, '-v', value, join(path, file)]);
  set('system.ntfs_reparse_data', CLOUD_FOLDER, 'Users/bob/OneDrive');
  return disk;
}

export type Wish = { steps?: object[]; signal?: AbortSignal; journal?: Journal; variables?: Record<string, string> };

/** Runs steps, by default the one that replaces the Windows, from a medium with the second edition. */
export async function refresh(image: string, { platform, exec: run }: WindowsDisk, wish: Wish = {}) {
  const folder = await temporaryFolder();
  const images = [{ name: 'windows', file: 'mediasmith/images/windows.wim', index: 2, bytes: 30 * 1024 ** 2 }];
  const manifest = await writeFakeMedium(folder, [], { images });
  await exec(['cp', image, join(folder, 'medium/mediasmith/images/windows.wim')]);
  const logFile = join(folder, 'smsts.log');
  await writeFile(logFile, 'log');
  const variables = new Variables();
  for (const [name, value] of Object.entries(wish.variables ?? {})) variables.set(name, value);
  const apply = { step: 'apply-operating-system', image: 'windows', destination: 'present-windows', wipe: true };
  const steps = wish.steps ?? [apply];
  const events: RunEvent[] = [];
  const journal = wish.journal ?? aJournal();
  const outcome = await runSequence(
    Sequence.parse({ formatVersion: 2, id: 'test', name: 'Test', onFailure: 'shell', steps }),
    {
      platform,
      exec: run,
      machine: await platform.inventory(undefined),
      medium: { root: join(folder, 'medium'), device: '/dev/sr0', disk: 'sr0', launchMode: 'DVD', manifest },
      variables,
      journal,
      ask: undefined,
      logFile,
      emit: (event) => events.push(event),
      signal: wish.signal ?? new AbortController().signal,
      wait: async () => {},
    },
  );
  await journal.close();
  const said = events.flatMap((event) => (event.event === 'log' ? [`${event.level}: ${event.message}`] : []));
  return { outcome, said };
}

/** Whether the firmware would find each of the loaders of Windows. */
export const starts = async ({ system }: WindowsDisk): Promise<boolean[]> =>
  Promise.all(
    LOADERS.map((path) =>
      stat(join(system, path)).then(
        () => true,
        () => false,
      ),
    ),
  );
