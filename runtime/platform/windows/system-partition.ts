import { MediasmithError } from '../../contract/errors.ts';
import type { Argv } from '../../host/exec.ts';
import { systemProgram } from '../winpe/command-lines.ts';
import type { WinpeHost } from '../winpe/host.ts';
import { takenLetters } from '../winpe/letters.ts';
import { runTool } from '../winpe/run-tool.ts';

/** S as in Microsoft's samples, and then from behind. */
const LETTERS = [...'SZYVUTRQPONMLKJIHGFE'];

/** The EFI system partition that this Windows was started from, under a letter until it is disposed of. */
export type SystemPartition = AsyncDisposable & {
  /** As this process opens it. */
  root: string;
};

type Host = Pick<WinpeHost, 'exec' | 'win32' | 'systemRoot' | 'drive'>;

/** Windows gives it no letter by itself. `VOLUME_NOT_FOUND` where none is free. */
export async function openSystemPartition({ exec, win32, systemRoot, drive }: Host): Promise<SystemPartition> {
  const taken = new Set(takenLetters(win32));
  const letter = LETTERS.find((candidate) => !taken.has(candidate));
  if (letter === undefined) {
    throw new MediasmithError('VOLUME_NOT_FOUND', 'no drive letter is free for the EFI system partition', {
      hint: 'Take out drives, or disconnect shares, that are not needed.',
    });
  }
  const failure = 'the EFI system partition cannot be opened';
  await runTool(exec, { tool: 'mountvol', argv: mountSystemArgv(systemRoot, letter), failure });
  return {
    root: drive(letter),
    [Symbol.asyncDispose]: async () => {
      await exec(unmountArgv(systemRoot, letter)).catch(() => undefined);
    },
  };
}

/** Gives the EFI system partition a letter. */
export function mountSystemArgv(systemRoot: string, letter: string): Argv {
  return [systemProgram(systemRoot, 'mountvol'), `${letter}:`, '/S'];
}

/** Takes the letter away again. */
export function unmountArgv(systemRoot: string, letter: string): Argv {
  return [systemProgram(systemRoot, 'mountvol'), `${letter}:`, '/D'];
}
