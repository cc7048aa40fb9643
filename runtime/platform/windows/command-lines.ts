import { win32 } from 'node:path';
import type { Argv } from '../../host/exec.ts';
import { systemProgram } from '../winpe/command-lines.ts';

/** Restarts or shuts down at once; `/f` closes programs that would ask. */
export function shutdownArgv(systemRoot: string, action: 'restart' | 'shutdown'): Argv {
  return [systemProgram(systemRoot, 'shutdown'), action === 'restart' ? '/r' : '/s', '/f', '/t', '0'];
}

/** Adds the driver packages below a folder to the running Windows, and installs them on the devices they are for. */
export function pnputilArgv(systemRoot: string, folder: string, recurse = true): Argv {
  const program = systemProgram(systemRoot, 'pnputil');
  return [program, '/add-driver', win32.join(folder, '*.inf'), ...(recurse ? ['/subdirs'] : []), '/install'];
}
