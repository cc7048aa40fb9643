import { dirname, join } from 'node:path';
import { MediasmithError } from './contract/errors.ts';
import type { Emit } from './contract/events.ts';
import { runMedium } from './engine/run-medium.ts';
import { askOnConsole } from './host/ask.ts';
import { type Keys, listenToKeys } from './host/console.ts';
import { exec } from './host/exec.ts';
import { linuxPlatform } from './platform/linux/index.ts';
import type { Platform } from './platform/platform.ts';
import { winpePlatform } from './platform/winpe/index.ts';
import type { Ask } from './steps/context.ts';

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
  using keys = consoleKeys(platform, emit, () => interrupt.abort(interruption('Ctrl-C')));
  const { signal } = interrupt;
  const ask: Ask = (question, choices) => keys.asking(() => askOnConsole(question, choices, { signal }));
  const action = await runMedium({ platform, exec, ask, logFile, emit, signal });
  return platform.leave(action);
}

function interruption(by: string): MediasmithError {
  return new MediasmithError('INTERRUPTED', `interrupted by ${by}`);
}

/** In WinPE the terminal gives each key, so that F8 can open a command prompt; elsewhere Ctrl-C is a signal. */
function consoleKeys(platform: Platform, emit: Emit, onInterrupt: () => void): Keys {
  const onCommandPrompt = (): void => {
    platform.openCommandPrompt?.().catch((error: unknown) => {
      emit({ event: 'log', level: 'warning', component: 'console', message: `no command prompt: ${error}` });
    });
  };
  const input = platform.name === 'winpe' ? process.stdin : undefined;
  return listenToKeys({ input, onCommandPrompt, onInterrupt });
}

async function herePlatform(): Promise<Platform> {
  if (process.platform === 'win32') return winpePlatform({ exec });
  return linuxPlatform({ exec, bootCodeFolder: join(dirname(process.execPath), 'bios') });
}
