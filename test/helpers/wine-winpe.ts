import { appendFile, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { prepareWindowsRuntime } from '../../builder/boot/winpe/windows-runtime.ts';
import { cacheFolder } from '../../builder/cache-folder.ts';
import { hashBytes } from '../../builder/hash.ts';
import { finishedFiles } from '../../builder/manifest-draft.ts';
import type { Manifest } from '../../runtime/contract/manifest.ts';
import type { WinpeStart } from '../../runtime/contract/winpe-start.ts';
import { exec } from '../../runtime/host/exec.ts';
import { MEDIUM_ID, writeFakeMedium } from './fake-medium.ts';
import { writeFiles } from './temporary-folder.ts';
import { openWine, type Wine, type WineResult } from './wine.ts';
import { APPLY_FOLDER, installStubs, linkOrCopy, type StubPlan, type StubReply, type Stubs } from './wine-stubs.ts';
import type { Terminal } from './wine-terminal.ts';

/** The programs of WinPE that the runtime starts. reagentc is none of them: it is the applied Windows' own. */
const WINPE_TOOLS = ['diskpart', 'dism', 'bcdboot', 'bcdedit', 'bootsect', 'drvload', 'powercfg', 'wpeutil', 'cmd'];
/** The disk to deploy to: Wine says of every drive that it is on disk 0. */
export const TARGET = 1;
const DISK_BYTES = 40 * 1024 ** 3;
const CLAIM = { offset: 1024 ** 2 - 4096, bytes: 4096 };
const RUN = ['X:\\mediasmith\\mediasmith.exe', 'run'] as const;
const ENVIRONMENT = { env: { MEDIASMITH_SYSTEM_ROOT: 'X:\\Windows' } };
const RUN_SECONDS = 100;
/** By it the runtime knows WinPE; as Wine writes it. */
const WINPE_KEY = 'System\\\\ControlSet001\\\\Control\\\\MiniNT';

/** What diskpart does at its second call: the volumes of a Windows layout are there. */
export const PARTITIONED: readonly StubReply[] = [{}, { drives: ['W', 'S', 'R'] }];
/** What is on the volume when DISM has applied a Windows image. */
const WINDOWS_FILES: Readonly<Record<string, string>> = {
  [`${APPLY_FOLDER}\\Windows\\Boot\\EFI\\bootmgfw.efi`]: 'loader',
  [`${APPLY_FOLDER}\\Windows\\Boot\\PCAT\\bootmgr`]: 'loader',
  [`${APPLY_FOLDER}\\Windows\\System32\\Recovery\\Winre.wim`]: 'recovery',
};
const WINDOWS_PROGRAMS: readonly string[] = [`${APPLY_FOLDER}\\Windows\\System32\\reagentc.exe`];
export const APPLIED: StubReply = {
  stdout: 'Deployment Image Servicing and Management tool\r\n[==            12.3%             ]\r\n[==100.0%==]\r\n',
  files: WINDOWS_FILES,
  programs: WINDOWS_PROGRAMS,
};

export type WinpeMedium = Partial<Omit<Manifest, 'sequences' | 'files'>> & {
  sequences: readonly ({ id: string; name: string } & Record<string, unknown>)[];
  /** Files besides those of `writeFakeMedium`, by their path on the medium. */
  contents?: Readonly<Record<string, Uint8Array>>;
  /** What the builder tells the runtime, as far as it is not the least. */
  start?: Partial<WinpeStart>;
};

export type StepText = Readonly<Record<string, unknown>>;
/** What a run of some steps has besides them; `begin` says what it is without. */
export type StepsWish = {
  plan?: StubPlan;
  start?: Partial<WinpeStart>;
  onSuccess?: 'restart' | 'shutdown' | 'shell';
  onFailure?: 'restart' | 'shutdown' | 'shell';
};

export type LogLevel = 'info' | 'warning' | 'error';
/** One record of a CMTrace log. */
export type LogRecord = { level: LogLevel; text: string };

/** A machine that has started WinPE as X: from a medium, which is D:, with stubs for every tool and an empty disk. */
export type Winpe = AsyncDisposable & {
  wine: Wine;
  stubs: Stubs;
  /** The folder that is X:. */
  boot: string;
  /** Puts everything as it is at a first start, but with another medium. Every volume is gone. */
  begin(medium: WinpeMedium, plan?: StubPlan): Promise<void>;
  /** What `begin` does without the disk: the machine starts once more. */
  startAgain(plan?: StubPlan): Promise<void>;
  run(): Promise<WineResult>;
  /** Begins with a medium that has one sequence, of these steps, and runs it. Resolves to the exit code. */
  runSteps(steps: readonly StepText[], wish?: StepsWish): Promise<number>;
  /** At a terminal of 80 columns and 25 lines. */
  terminal(): Terminal;
  /** The recorded calls as lines, each script below its own; what differs from run to run has a name instead. */
  calls(): Promise<string>;
  log(): Promise<string>;
  records(): Promise<LogRecord[]>;
  /** The texts of the log's records of one level. */
  said(level: LogLevel): Promise<string[]>;
  /** What the disk says of a deployment that has not ended; empty without one. */
  claim(): Promise<string>;
};

export async function openWinpe(): Promise<Winpe> {
  await using opened = new AsyncDisposableStack();
  const wine = opened.use(await openWine());
  const boot = await wine.drive('X');
  const options = { cacheFolder: cacheFolder(), architecture: 'x64', exec, emit: () => undefined } as const;
  const { executable } = await prepareWindowsRuntime(options);
  await mkdir(join(boot, 'mediasmith'), { recursive: true });
  await linkOrCopy(executable, join(boot, 'mediasmith/mediasmith.exe'));
  const stubs = await installStubs(join(boot, 'Windows/System32'), WINPE_TOOLS);
  // Into the file: a Wine that has started finds no drive that comes later.
  await appendFile(join(await wine.drive('C'), '../system.reg'), `\n[${WINPE_KEY}] 1\n`);
  const owned = opened.move();
  let disk = '';
  const log = () => readFile(join(boot, 'Windows/Temp/SMSTSLog/smsts.log'), 'utf8');
  const records = async () => recordsOf(await log());
  const startAgain = async (plan: StubPlan = {}): Promise<void> => {
    for (const letter of ['W', 'S', 'R']) await rm(await wine.promiseDrive(letter), { recursive: true, force: true });
    await rm(join(boot, 'Windows/Temp'), { recursive: true, force: true });
    await stubs.forget();
    await stubs.plan({ diskpart: PARTITIONED, dism: [APPLIED], ...plan });
  };
  const begin: Winpe['begin'] = async (medium, plan) => {
    if (disk !== '') await rm(dirname(disk), { recursive: true });
    disk = await wine.disk(TARGET, DISK_BYTES);
    await writeMedium(await wine.drive('D'), medium);
    const start = { formatVersion: 1, bootImage: MEDIUM_ID, commandPrompt: false, drivers: [], ...medium.start };
    await writeFiles(boot, { 'mediasmith/medium.json': JSON.stringify(start) });
    await startAgain(plan);
  };
  const run = () => wine.run(RUN, { ...ENVIRONMENT, timeoutSeconds: RUN_SECONDS });
  return {
    wine,
    stubs,
    boot,
    begin,
    startAgain,
    run,
    async runSteps(steps, { plan, start = {}, ...ends } = {}) {
      await begin({ sequences: [{ formatVersion: 1, id: 'it', name: 'It', steps, ...ends }], start }, plan);
      return (await run()).exitCode;
    },
    terminal: () => wine.terminal(RUN, ENVIRONMENT),
    calls: async () => describeCalls(await stubs.calls()),
    log,
    records,
    said: async (level) => (await records()).filter((record) => record.level === level).map(({ text }) => text),
    claim: () => readClaim(disk),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Puts a medium into a folder in place of what is there. */
export async function writeMedium(
  folder: string,
  { sequences, contents = {}, start: _, ...wish }: WinpeMedium,
): Promise<void> {
  const work = join(folder, '../work');
  for (const old of [folder, work]) await rm(old, { recursive: true, force: true });
  const common = { bootEnvironment: 'winpe', unattended: true } as const;
  const { files, ...manifest } = await writeFakeMedium(work, sequences, { ...common, ...wish });
  const medium = join(work, 'medium');
  await writeFiles(medium, contents);
  const hashes = new Map(files.map(({ path, sha256 }) => [path, sha256]));
  for (const [path, data] of Object.entries(contents)) hashes.set(path, hashBytes(data));
  const draft = [...hashes.keys()].map(async (path) => ({ path, bytes: (await stat(join(medium, path))).size }));
  await writeFiles(medium, Object.fromEntries(finishedFiles({ ...manifest, files: await Promise.all(draft) }, hashes)));
  await rename(medium, folder);
}

/** Calls as lines, each script below its own; what differs from run to run has a name instead. */
export function describeCalls(calls: Awaited<ReturnType<Stubs['calls']>>): string {
  const lines = calls.map(({ name, argv, script }) =>
    [[name, ...argv].join(' '), ...(script ?? '').split('\r\n').filter(Boolean)].join('\n    '),
  );
  return settled(`${lines.join('\n')}\n`);
}

/** Text with what is another in every run in words. */
function settled(text: string): string {
  return text
    .replaceAll(/\S+\\diskpart-\w+\\script\.txt/g, '<script>')
    .replaceAll(/[A-Z]:\\\S+\\step-\w+/g, '<temporary folder>')
    .replaceAll(/disk id=\S+/g, 'disk id=<identity>');
}

const LEVELS: Readonly<Record<string, LogLevel>> = { 1: 'info', 2: 'warning', 3: 'error' };

/** What a log says, record by record. */
export function recordsOf(log: string): LogRecord[] {
  const records = log.matchAll(/<!\[LOG\[([\s\S]*?)\]LOG\]!>.*?type="(\d)"/g);
  return Array.from(records, ([, text = '', type = '']) => ({ level: LEVELS[type] ?? 'info', text: settled(text) }));
}

async function readClaim(disk: string): Promise<string> {
  await using file = await open(disk);
  const { buffer } = await file.read(Buffer.alloc(CLAIM.bytes), 0, CLAIM.bytes, CLAIM.offset);
  return buffer.toString('latin1').replaceAll('\0', '');
}
