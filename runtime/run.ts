import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { MediasmithError } from './contract/errors.ts';
import type { Emit } from './contract/events.ts';
import { runMedium } from './engine/run-medium.ts';
import { consoleAsk } from './host/ask.ts';
import { listenToKeys } from './host/console.ts';
import { exec } from './host/exec.ts';
import { linuxPlatform } from './platform/linux/index.ts';
import type { Platform } from './platform/platform.ts';
import { winpePlatform } from './platform/winpe/index.ts';

export { serveMedium } from './platform/linux/network/serve-medium.ts';
export { selftest } from './selftest.ts';

export type RunSetup = {
  emit: Emit;
  logFile: string;
};

/** Everything behind the first event: the platform, the medium, the sequence. Resolves to the exit code. */
export async function run({ emit, logFile }: RunSetup): Promise<number> {
  const interrupt = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => interrupt.abort(interruption(signal)));
  }
  const platform = await herePlatform();
  using _keys = consoleKeys(platform, emit, () => interrupt.abort(interruption('Ctrl-C')));
  const { signal } = interrupt;
  const ask = process.stdin.isTTY ? consoleAsk({ signal }) : undefined;
  const action = await runMedium({ platform, exec, ask, logFile, emit, signal, wait });
  return platform.leave(action);
}

async function wait(seconds: number, signal: AbortSignal): Promise<void> {
  await setTimeout(seconds * 1000, undefined, { signal });
}

function interruption(by: string): MediasmithError {
  return new MediasmithError('INTERRUPTED', `interrupted by ${by}`);
}

/** The terminal gives each key as it is pressed, so that F8 can open a command prompt. */
function consoleKeys(platform: Platform, emit: Emit, onInterrupt: () => void): Disposable {
  const onCommandPrompt = (): void => {
    platform.openCommandPrompt?.().catch((error: unknown) => {
      emit({ event: 'log', level: 'warning', component: 'console', message: `no command prompt: ${error}` });
    });
  };
  return listenToKeys({ input: process.stdin, onCommandPrompt, onInterrupt });
}

async function herePlatform(): Promise<Platform> {
  if (process.platform === 'win32') return winpePlatform({ exec });
  return linuxPlatform({ exec, bootCodeFolder: join(dirname(process.execPath), 'bios') });
}
