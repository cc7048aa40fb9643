import { mkdir, readFile } from 'node:fs/promises';
import { join, win32 } from 'node:path';
import { type Exec, type ExecOptions, exec } from '../../runtime/host/exec.ts';
import type { Win32 } from '../../runtime/native/win32.ts';
import type { WinpeHost } from '../../runtime/platform/winpe/host.ts';
import { type FakeWindows, fakeWin32 } from './fake-win32.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** How a program ends that was not told otherwise: well, and without a word. */
export type Reply = { exitCode?: number; stdout?: string };
/** What a program does, by its name without `.exe`; it may look at the command line. */
export type Programs = Record<string, (line: string) => Reply | Promise<Reply>>;

export type TestHost = WinpeHost & {
  /** The command lines of every program that was started, diskpart's with its script. */
  lines: string[];
  messages: string[];
  windows: FakeWindows;
};

/** A host of the WinPE adaptor: drives and disks are in a folder, programs are a shell that ends as it is told. */
export async function winpeHost(programs: Programs = {}, answers: Partial<Win32> = {}): Promise<TestHost> {
  const folder = await temporaryFolder();
  const windows: FakeWindows = { disks: {}, drives: {}, consoles: [] };
  const lines: string[] = [];
  const messages: string[] = [];
  const drive = (letter: string): string => join(folder, letter);
  const startFolder = join(drive('X'), 'mediasmith');
  const logFolder = join(drive('X'), 'Windows/Temp/SMSTSLog');
  for (const place of [startFolder, logFolder]) await mkdir(place, { recursive: true });
  return {
    exec: recorded(programs, lines),
    win32: fakeWin32(windows, answers),
    systemRoot: 'X:\\Windows',
    drive,
    disk: (number) => join(folder, `PhysicalDrive${number}`),
    volume: (guid) => join(folder, `volume{${guid.toLowerCase()}}`),
    startFolder,
    logFolder,
    log: (level, message) => messages.push(`${level}: ${message}`),
    lines,
    messages,
    windows,
  };
}

function recorded(programs: Programs, lines: string[]): Exec {
  return async (argv, options?: ExecOptions) => {
    const [program, ...args] = argv;
    const name = win32.basename(program, '.exe');
    const script = name === 'diskpart' ? await readFile(args[1] ?? '', 'latin1') : undefined;
    const line = script === undefined ? argv.join(' ') : `${program} ${script.trim().split('\r\n').join('; ')}`;
    lines.push(line);
    const { exitCode = 0, stdout = '' } = (await programs[name]?.(line)) ?? {};
    return exec(['sh', '-c', 'printf %s "$1"; exit "$2"', 'sh', stdout, String(exitCode)], options);
  };
}
