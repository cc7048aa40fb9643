import { win32 } from 'node:path';
import { windowsRoot } from '../host/place.ts';
import type { StepContext } from './context.ts';

/** A program of the Windows or WinPE that runs, by its full path: nothing in a search path comes before it. */
export function systemProgram({ machine }: Pick<StepContext, 'machine'>, name: string): string {
  return win32.join(machine.operatingSystem?.windowsFolder ?? windowsRoot(), 'System32', `${name}.exe`);
}
