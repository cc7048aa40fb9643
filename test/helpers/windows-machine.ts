import { readFile } from 'node:fs/promises';
import { join, win32 } from 'node:path';
import { type Exec, exec } from '../../runtime/host/exec.ts';
import type { Win32 } from '../../runtime/native/win32.ts';
import type { Platform } from '../../runtime/platform/platform.ts';
import { windowsPlatform } from '../../runtime/platform/windows/index.ts';
import { type FakeRegistryKeys, fakeRegistry } from './fake-registry.ts';
import { type FakeWindows, fakeWin32 } from './fake-win32.ts';
import { temporaryFolder, writeFiles } from './temporary-folder.ts';

export type WindowsMachine = {
  platform: Platform;
  /** The folder that is a drive. */
  drive: (letter: string) => string;
  windows: FakeWindows;
  /** The command lines of every program; of schtasks with the task's own. */
  lines: string[];
  /** What is to be removed at the next start. */
  later: string[];
};

export type WindowsWish = {
  /** Where the folders for drives are; one of this test's own unless given. */
  folder?: string;
  keys?: FakeRegistryKeys;
  answers?: Partial<Win32>;
  /** Below the folder of drives: where this program is. */
  program?: string;
  /** How programs end that do not end well, by their names without `.exe`. */
  exitCodes?: Record<string, number>;
  /** What a program says and does besides, by its command line. */
  says?: (line: string, drive: (letter: string) => string) => string | undefined;
};

/** A Windows on C: that runs, over folders for drives and a list for programs. */
export async function windowsMachine(wish: WindowsWish = {}): Promise<WindowsMachine> {
  const folder = wish.folder ?? (await temporaryFolder());
  const windows: FakeWindows = { disks: {}, drives: { C: { type: 'fixed', disk: 0 } }, consoles: [] };
  const lines: string[] = [];
  const later: string[] = [];
  const drive = (letter: string): string => join(folder, letter);
  const program = join(folder, wish.program ?? 'D/mediasmith.exe');
  await writeFiles(folder, { [wish.program ?? 'D/mediasmith.exe']: 'program', 'C/Windows/System32/x': '' });
  const platform = await windowsPlatform({
    exec: recorded(lines, wish.exitCodes ?? {}, (line) => wish.says?.(line, drive)),
    win32: fakeWin32(windows, {
      ...fakeRegistry(wish.keys ?? {}),
      deleteAtRestart: (path) => later.push(path.slice(folder.length + 1)) > 0,
      ...wish.answers,
    }),
    systemRoot: 'C:\\Windows',
    drive,
    disk: (number) => join(folder, `PhysicalDrive${number}`),
    program,
  });
  return { platform, drive, windows, lines, later };
}

function recorded(
  lines: string[],
  exitCodes: Record<string, number>,
  says: (line: string) => string | undefined,
): Exec {
  return async (argv, options) => {
    const [program, ...args] = argv;
    const name = win32.basename(program, '.exe');
    const file = args[args.indexOf('/XML') + 1] ?? '';
    const task = args.includes('/XML') ? await readFile(file, 'utf16le') : '';
    const [, ...command] = /<Command>(.*)<\/Command>\s*<Arguments>(.*)<\/Arguments>/.exec(task) ?? [];
    lines.push([name, ...args.map((word) => (task !== '' && word === file ? '<file>' : word)), ...command].join(' '));
    const exitCode = exitCodes[name] ?? 0;
    const said = exitCode === 0 ? says(lines.at(-1) ?? '') : undefined;
    if (said !== undefined) return { exitCode, stdout: said, stderr: '' };
    if (options?.successCodes?.includes(exitCode)) return { exitCode, stdout: '', stderr: '' };
    return exec(['sh', '-c', `exit ${exitCode}`], options);
  };
}
