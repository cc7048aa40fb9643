import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from '../../builder/cache-folder.ts';
import { openWorkspace } from '../../builder/workspace.ts';
import { type Argv, exec } from '../../runtime/host/exec.ts';
import { followLines } from './follow-lines.ts';
import { openRoom, type Room } from './wine-room.ts';
import { WINE, WINESERVER, type WineRoot, wineRoot } from './wine-root.ts';
import { openTerminal, type Terminal, type TerminalSize } from './wine-terminal.ts';

export type WineResult = { exitCode: number; stdout: string; stderr: string };

export type WineOptions = {
  /** What the program gets besides Wine's own; SystemRoot, SystemDrive, windir, TEMP and PATH are always Wine's. */
  env?: Readonly<Record<string, string>>;
  /** Then every program of the prefix is ended and the promise rejects. */
  timeoutSeconds?: number;
  /** Called for each line of standard output as it comes. */
  onLine?: (line: string) => void;
};

/** A Windows of its own. Disposing of it ends its programs and removes its drives. */
export type Wine = AsyncDisposable & {
  /** The folder that is drive `letter`, made at the first call; `C` is Wine's own. */
  drive(letter: string): Promise<string>;
  /**
   * As `drive`, but the drive is there only when somebody has made the folder, as a stub of diskpart does. Until then
   * GetLogicalDrives names it all the same, GetDriveType says that it has no root, and nothing can be read.
   */
  promiseDrive(letter: string): Promise<string>;
  /**
   * Puts an empty disk into the machine, in the place of one that has its number; resolves to the file that is its
   * storage. Wine says of every drive that it is on disk 0.
   */
  disk(number: number, bytes: number): Promise<string>;
  /** Runs a Windows program, named by its Windows path, and waits for it. */
  run(argv: Argv, options?: WineOptions): Promise<WineResult>;
  /** Starts a Windows program at a terminal. */
  terminal(argv: Argv, options?: Partial<TerminalSize> & Pick<WineOptions, 'env'>): Terminal;
  /** Ends every program at once, as a machine whose plug is pulled. The next one starts in a Windows that has just started. */
  cutPower(): Promise<void>;
};

const TIMEOUT_SECONDS = 60;

/** Opens a prefix cloned from the one in the cache: about a tenth of a second, and a second more at the first `run`. */
export async function openWine(): Promise<Wine> {
  const source = await wineRoot(cacheFolder(), exec);
  await using opened = new AsyncDisposableStack();
  const { folder } = opened.use(await openWorkspace(join(cacheFolder(), 'wine/rooms')));
  await clonePrefix(source, join(folder, 'prefix'));
  const room = opened.use(await openRoom(source.root, folder));
  const owned = opened.move();
  return {
    async drive(letter) {
      const place = await mapDrive(folder, letter);
      await mkdir(place, { recursive: true });
      return place;
    },
    promiseDrive: (letter) => mapDrive(folder, letter),
    disk: (number, bytes) => makeDisk(folder, number, bytes),
    run: (argv, options = {}) => run({ room, folder }, argv, options),
    terminal: ([...argv], { env, ...size } = {}) => openTerminal(room, [WINE, ...argv], size, env),
    cutPower: async () => void (await exec(room.argv([WINESERVER, '--kill']))),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Hard links of files that nobody may write; the registry is copied, because Wine rewrites its files in place. */
async function clonePrefix({ prefix }: WineRoot, clone: string): Promise<void> {
  await exec(['cp', '--archive', '--link', prefix, clone]);
  const registry = ['system.reg', 'user.reg', 'userdef.reg'].map((name) => join(prefix, name));
  await exec(['cp', '--archive', '--remove-destination', ...registry, clone]);
}

async function mapDrive(folder: string, letter: string): Promise<string> {
  const name = letter.toLowerCase();
  if (name === 'c') return join(folder, 'prefix/drive_c');
  await mkdir(join(folder, 'drives'), { recursive: true });
  await makeDevice(folder, `${name}:`, `../../drives/${name}`);
  return join(folder, 'drives', name);
}

async function makeDisk(folder: string, number: number, bytes: number): Promise<string> {
  const file = join(folder, 'disks', String(number));
  await mkdir(join(folder, 'disks'), { recursive: true });
  await rm(file, { force: true });
  await writeFile(file, '');
  await truncate(file, bytes);
  await makeDevice(folder, `physicaldrive${number}`, `../../disks/${number}`);
  return file;
}

/** What Wine opens for a name of a device or a drive. */
async function makeDevice(folder: string, name: string, target: string): Promise<void> {
  await symlink(target, join(folder, 'prefix/dosdevices', name)).catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  });
}

let runs = 0;

/** Through files: a Windows program under Wine cannot write to a pipe of this side. */
async function run(
  { room, folder }: { room: Room; folder: string },
  argv: Argv,
  { env = {}, timeoutSeconds = TIMEOUT_SECONDS, onLine }: WineOptions,
): Promise<WineResult> {
  runs += 1;
  const place = join(folder, 'runs', String(runs));
  await mkdir(place, { recursive: true });
  const files = { stdout: join(place, 'stdout'), stderr: join(place, 'stderr') };
  await using stdout = await open(files.stdout, 'w');
  await using stderr = await open(files.stderr, 'w');
  using _ = onLine && followLines(files.stdout, onLine);
  const [program, ...rest] = room.argv([WINE, ...argv], env);
  const child = spawn(program, rest, { stdio: ['ignore', stdout.fd, stderr.fd] });
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    exec(room.argv([WINESERVER, '--kill'])).catch(() => child.kill('SIGKILL'));
  }, timeoutSeconds * 1000);
  const [exitCode] = (await once(child, 'close')) as [number | null];
  clearTimeout(timer);
  const result = {
    exitCode: exitCode ?? -1,
    stdout: await readFile(files.stdout, 'utf8'),
    stderr: withoutWine(await readFile(files.stderr, 'utf8')),
  };
  await rm(place, { recursive: true });
  if (late) throw new Error(`no end after ${timeoutSeconds} s: ${argv.join(' ')}\n${result.stdout}\n${result.stderr}`);
  return result;
}

/** Wine's own word where a thread ends while its process does: it is not the program's. */
function withoutWine(text: string): string {
  return text.replace(/^wine client error:.*\n/gm, '');
}
