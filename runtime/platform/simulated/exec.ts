import { win32 } from 'node:path';
import { MediasmithError } from '../../contract/errors.ts';
import type { RecordedProgram } from '../../contract/recorded-machine.ts';
import { type Exec, redactor } from '../../host/exec.ts';
import type { Recorder } from './recorder.ts';

/** Runs nothing: notes the command line and answers as it was recorded, else with silence and 0. */
export function simulatedExec(recorder: Recorder, programs: readonly RecordedProgram[]): Exec {
  return async (argv, options = {}) => {
    const hide = redactor(options.secrets ?? []);
    const [program, ...args] = argv;
    const shown = argv.map(hide) as [string, ...string[]];
    const answer = programs.find((recorded) => fits(recorded, program, args.join(' ')));
    const exitCode = recorder.command(shown) ?? answer?.exitCode ?? 0;
    const output = answer?.output ?? '';
    for (const line of output.split(/\r?\n/)) if (line !== '') options.onLine?.(hide(line));
    if ((options.successCodes ?? [0]).includes(exitCode)) return { exitCode, stdout: output, stderr: '' };
    throw new MediasmithError('TOOL_FAILED', `${hide(program)} ended with exit code ${exitCode}`, {
      where: shown.join(' '),
      exitCode,
    });
  };
}

function fits({ program, contains }: RecordedProgram, started: string, args: string): boolean {
  const name = win32.basename(started).replace(/\.exe$/i, '');
  if (name.toLowerCase() !== program.toLowerCase()) return false;
  return contains === undefined || args.toLowerCase().includes(contains.toLowerCase());
}
