import { dirname, join } from 'node:path';
import { MediasmithError } from './contract/errors.ts';
import type { Emit } from './contract/events.ts';
import { runMedium } from './engine/run-medium.ts';
import { askOnConsole } from './host/ask.ts';
import { exec } from './host/exec.ts';
import { parseBootOptions } from './platform/linux/boot-options.ts';
import { linuxPlatform } from './platform/linux/index.ts';

export type RunSetup = {
  emit: Emit;
  logFile: string;
  /** The kernel's command line. */
  commandLine: string;
};

/** Everything behind the first event: the platform, the medium, the sequence. Resolves to how the machine is left. */
export async function run({ emit, logFile, commandLine }: RunSetup): Promise<'restart' | 'shutdown' | 'shell'> {
  const interrupt = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => interrupt.abort(new MediasmithError('INTERRUPTED', `interrupted by ${signal}`)));
  }
  const platform = linuxPlatform({ exec, bootCodeFolder: join(dirname(process.execPath), 'bios') });
  const options = parseBootOptions(commandLine);
  return runMedium({ platform, exec, ...options, ask: askOnConsole, logFile, emit, signal: interrupt.signal });
}
