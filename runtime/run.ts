import { dirname, join } from 'node:path';
import { MediasmithError } from './contract/errors.ts';
import type { Emit } from './contract/events.ts';
import { runMedium } from './engine/run-medium.ts';
import { askOnConsole } from './host/ask.ts';
import { exec } from './host/exec.ts';
import { linuxPlatform } from './platform/linux/index.ts';
import type { Platform } from './platform/platform.ts';
import { winpePlatform } from './platform/winpe/index.ts';

export { selftest } from './selftest.ts';

export type RunSetup = {
  emit: Emit;
  logFile: string;
};

/** Everything behind the first event: the platform, the medium, the sequence. Resolves to the exit code. */
export async function run({ emit, logFile }: RunSetup): Promise<number> {
  const interrupt = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => interrupt.abort(new MediasmithError('INTERRUPTED', `interrupted by ${signal}`)));
  }
  const platform = await herePlatform();
  const action = await runMedium({ platform, exec, ask: askOnConsole, logFile, emit, signal: interrupt.signal });
  return platform.leave(action);
}

async function herePlatform(): Promise<Platform> {
  if (process.platform === 'win32') return winpePlatform({ exec });
  return linuxPlatform({ exec, bootCodeFolder: join(dirname(process.execPath), 'bios') });
}
