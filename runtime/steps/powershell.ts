import { win32 } from 'node:path';
import type { Argv } from '../host/exec.ts';
import type { StepContext } from './context.ts';
import { systemProgram } from './system-program.ts';

/** Windows PowerShell by its full path: every full Windows has it, and WinPE where its component was added. */
export function powershellProgram(context: Pick<StepContext, 'machine'>): string {
  return systemProgram(context, win32.join('WindowsPowerShell', 'v1.0', 'powershell'));
}

/** PowerShell gives a script what comes in as `$input`, line by line (Microsoft: "about_Automatic_Variables"). */
const READ_WISH = "$wish = (@($input) -join '') | ConvertFrom-Json";

/**
 * Runs our own lines of PowerShell. What they work on comes through standard input, as {@link powershellInput} writes it:
 * a command line can be read by others and is kept by audits, and a value in a script could be read as a part of it.
 */
export function powershellArgv(program: string, lines: readonly string[]): Argv {
  const script = ["$ErrorActionPreference = 'Stop'", READ_WISH, ...lines].join('; ');
  return [program, '-NoLogo', '-NoProfile', '-NonInteractive', '-Command', script];
}

/** JSON in ASCII alone: PowerShell reads its input in whatever code page the console has. */
export function powershellInput(wish: Readonly<Record<string, unknown>>): string {
  const json = JSON.stringify(wish).replace(
    /[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `${json}\n`;
}
