import { dirname, join } from 'node:path';
import { MediasmithError } from './contract/errors.ts';
import type { Emit } from './contract/events.ts';
import { runMedium } from './engine/run-medium.ts';
import { askOnConsole } from './host/ask.ts';
import { exec } from './host/exec.ts';
import { linuxPlatform } from './platform/linux/index.ts';

export type RunSetup = {
  emit: Emit;
  logFile: string;
};

/** Everything behind the first event: the platform, the medium, the sequence. Resolves to how the machine is left. */
export async function run({ emit, logFile }: RunSetup): Promise<'restart' | 'shutdown' | 'shell'> {
  const interrupt = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => interrupt.abort(new MediasmithError('INTERRUPTED', `interrupted by ${signal}`)));
  }
  const platform = linuxPlatform({ exec, bootCodeFolder: join(dirname(process.execPath), 'bios') });
  return runMedium({ platform, exec, ask: askOnConsole, logFile, emit, signal: interrupt.signal });
}
