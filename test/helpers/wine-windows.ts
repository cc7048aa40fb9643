import { open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { prepareWindowsRuntime } from '../../builder/boot/winpe/windows-runtime.ts';
import { cacheFolder } from '../../builder/cache-folder.ts';
import { exec } from '../../runtime/host/exec.ts';
import { openWine, type Wine, type WineResult } from './wine.ts';
import { installStubs, linkOrCopy, type StubPlan, type Stubs } from './wine-stubs.ts';
import { describeCalls, recordsOf, type WinpeMedium, writeMedium } from './wine-winpe.ts';

/** The drive of the installed Windows. Wine says of C:, D: and W: that they are the first three partitions of disk 0. */
export const WINDOWS = 'W:\\Windows';
const TOOLS = ['schtasks', 'shutdown', 'icacls', 'bcdedit', 'dism', 'wusa', 'manage-bde', 'note'];
const SYSTEM32 = 'Windows/System32';
const POWERSHELL = `${SYSTEM32}/WindowsPowerShell/v1.0`;
const PROGRAM = 'W:\\_SMSTaskSequence\\bin\\mediasmith.exe';
const CMD = 'C:\\windows\\system32\\cmd.exe';
const RUN_SECONDS = 100;
const DISK_BYTES = 1024 ** 2;

/** A Windows that is installed on W: and runs, with stubs for its tools, and a medium, which is D:. */
export type InstalledWindows = AsyncDisposable & {
  wine: Wine;
  stubs: Stubs;
  /** The folder that is W:. */
  drive: string;
  /** The folder that is D:. */
  medium: string;
  /** Another medium; nothing has been called yet. */
  insert(medium: WinpeMedium, plan?: StubPlan): Promise<void>;
  /** Starts mediasmith.exe from the medium, as an administrator does. */
  run(...words: string[]): Promise<WineResult>;
  /** What the task does when Windows starts. */
  resume(...words: string[]): Promise<WineResult>;
  /** Runs a script of W: as Windows Setup does. */
  script(path: string): Promise<WineResult>;
  registry(words: readonly string[]): Promise<void>;
  calls(): Promise<string>;
  log(): Promise<string>;
  said(level: 'info' | 'warning' | 'error'): Promise<string[]>;
  /** Everything below a folder of W:; empty where there is none. */
  files(folder: string): Promise<string[]>;
};

export type InstalledWish = {
  /** What becomes W: and D: instead of a new Windows and nothing. */
  windows?: string;
  medium?: string;
  /** The GUID of disk 0. */
  disk?: string;
};

export async function openWindows(wish: InstalledWish = {}): Promise<InstalledWindows> {
  await using opened = new AsyncDisposableStack();
  const wine = opened.use(await openWine());
  const [drive, medium] = [await wine.drive('W'), await wine.drive('D')];
  for (const [from, to] of [
    [wish.windows, drive],
    [wish.medium, medium],
  ] as const) {
    if (from === undefined) continue;
    await rm(to, { recursive: true });
    await rename(from, to);
  }
  if (wish.disk !== undefined) await writeTable(await wine.disk(0, DISK_BYTES), wish.disk);
  // Where WinPE's stubs have their plan is nothing to this Windows.
  await rm(join(drive, SYSTEM32, 'stub-home'), { force: true });
  const stubs = await installStubs(join(drive, SYSTEM32), TOOLS);
  await installStubs(join(drive, POWERSHELL), ['powershell']);
  await writeFile(join(drive, POWERSHELL, 'stub-home'), `${WINDOWS}\\System32`);
  const executable = await windowsRuntime();
  const environment = { MEDIASMITH_SYSTEM_ROOT: WINDOWS };
  const run = (argv: readonly [string, ...string[]]) =>
    wine.run(argv, { env: environment, timeoutSeconds: RUN_SECONDS });
  const log = () => readFile(join(drive, 'Windows/Temp/SMSTSLog/smsts.log'), 'utf8');
  const owned = opened.move();
  return {
    wine,
    stubs,
    drive,
    medium,
    async insert(given, plan = {}) {
      await writeMedium(medium, { unattended: true, ...given });
      await linkOrCopy(executable, join(medium, 'mediasmith.exe'));
      for (const old of ['_SMSTaskSequence', 'Windows/Temp', 'Windows/Logs'])
        await rm(join(drive, old), { recursive: true, force: true });
      await stubs.forget();
      await stubs.plan(plan);
    },
    run: (...words) => run(['D:\\mediasmith.exe', ...words]),
    resume: (...words) => run([PROGRAM, 'resume', ...words]),
    async script(path) {
      // Wine's own SystemDrive is always C:.
      await writeFile(join(drive, 'as-setup.cmd'), `@set SystemDrive=W:\r\n@call "${path}"\r\n`);
      return run([CMD, '/c', 'W:\\as-setup.cmd']);
    },
    async registry(words) {
      const { exitCode } = await wine.run(['C:\\windows\\system32\\reg.exe', ...words]);
      if (exitCode !== 0) throw new Error(`reg ${words.join(' ')} ended with ${exitCode}`);
    },
    calls: async () => describeCalls(await stubs.calls()),
    log,
    said: async (level) =>
      recordsOf(await log()).flatMap(({ level: own, text }) =>
        own === level ? [text.replace(/(?<= after )\d+\.\d s/, '<time>')] : [],
      ),
    files: async (folder) => (await readdir(join(drive, folder), { recursive: true }).catch(() => [])).sort(),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** The real executable. */
export async function windowsRuntime(): Promise<string> {
  const options = { cacheFolder: cacheFolder(), architecture: 'x64', exec, emit: () => undefined } as const;
  return (await prepareWindowsRuntime(options)).executable;
}

/** As much of a GPT as names the disk: the head of its header. */
async function writeTable(disk: string, guid: string): Promise<void> {
  const header = Buffer.alloc(92);
  header.write('EFI PART', 'latin1');
  const [a = '', b = '', c = '', ...rest] = guid.split('-');
  const little = [a, b, c].map((part) => Buffer.from(part, 'hex').reverse());
  Buffer.concat([...little, Buffer.from(rest.join(''), 'hex')]).copy(header, 56);
  await using file = await open(disk, 'r+');
  await file.write(header, 0, header.length, 512);
}
