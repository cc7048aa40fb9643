import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { ERROR_CODES, type ErrorCode, MediasmithError } from './contract/errors.ts';
import type { Emit, RunEvent } from './contract/events.ts';
import { describeError } from './engine/run-chosen.ts';
import { runMedium } from './engine/run-medium.ts';
import { consoleAsk } from './host/ask.ts';
import { listenToKeys } from './host/console.ts';
import { exec } from './host/exec.ts';
import { loadWin32 } from './native/win32.ts';
import { linuxPlatform } from './platform/linux/index.ts';
import type { Platform } from './platform/platform.ts';
import { isWinpe } from './platform/win32/operating-system.ts';
import { windowsPlatform } from './platform/windows/index.ts';
import { startInTask } from './platform/windows/register-resume.ts';
import { lockRun } from './platform/windows/run-lock.ts';
import { waitForSetup } from './platform/windows/setup-phase.ts';
import { winpePlatform } from './platform/winpe/index.ts';

export { serveMedium } from './platform/linux/network/serve-medium.ts';
export { selftest } from './selftest.ts';

/**
 * `by-hand`: a person has started it in the running Windows, and its window closes at the end. `resume`: it goes on with a
 * sequence and never begins one. `from-setup`: it is started by a script of Windows Setup, in which nothing may restart.
 */
export type RunStart = 'run' | 'by-hand' | 'resume' | 'from-setup';

export type RunSetup = {
  emit: Emit;
  logFile: string;
  start: RunStart;
};

/** Everything behind the first event: the platform, the medium, the sequence. Resolves to the exit code. */
export async function run(setup: RunSetup): Promise<number> {
  const interrupt = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => interrupt.abort(interruption(signal)));
  }
  let end: Finished | undefined;
  const emit: Emit = (event) => {
    if (event.event === 'finished') end = event;
    setup.emit(event);
  };
  const platform = await herePlatform();
  const here = { ...setup, emit, platform, interrupt };
  if (platform.name !== 'windows') return runHere(here);
  const code = await runInWindows(here);
  return code === 0 && end?.outcome === 'failed' ? exitCodeOf(end) : code;
}

type Finished = Extract<RunEvent, { event: 'finished' }>;
type Here = RunSetup & { platform: Platform; interrupt: AbortController };

async function runHere({ emit, logFile, start, platform, interrupt }: Here): Promise<number> {
  const { signal } = interrupt;
  const resume = start === 'resume';
  // What Windows starts by itself has a console that nobody sees.
  const attended = !resume && process.stdin.isTTY;
  using _keys = attended ? consoleKeys(platform, emit, () => interrupt.abort(interruption('Ctrl-C'))) : undefined;
  const ask = attended ? consoleAsk({ signal }) : undefined;
  const action = await runMedium({ platform, exec, ask, logFile, emit, signal, wait, resume });
  if (start === 'by-hand' && platform.name === 'windows' && action === 'shell') await ask?.text('Press Enter to end');
  return platform.leave(action);
}

/** Scripts read the exit code there; in a boot environment it says what comes next. */
async function runInWindows(here: Here): Promise<number> {
  const { emit, logFile, start, platform, interrupt } = here;
  const log = (level: 'info' | 'warning', message: string) =>
    emit({ event: 'log', level, component: 'platform', message });
  try {
    if (start === 'from-setup') {
      await startInTask({ exec });
      log('info', 'the sequence goes on in a task, because Windows Setup is still at work');
      return 0;
    }
    await using lock = await lockRun(dirname(logFile));
    if (lock === undefined && start === 'resume') {
      log('info', 'another mediasmith.exe is at work already: it goes on there');
      return 0;
    }
    if (lock === undefined) throw busy();
    if (start === 'resume') await waitForSetup({ facts: platform.facts, wait, signal: interrupt.signal, log });
    return await runHere(here);
  } catch (error) {
    emit({ event: 'finished', outcome: 'failed', action: 'shell', ...describeError(error) });
    return 0;
  }
}

function exitCodeOf({ code }: Finished): number {
  return ERROR_CODES[code as ErrorCode] ?? 1;
}

function busy(): MediasmithError {
  return new MediasmithError('STATE_INVALID', 'another mediasmith.exe is at work on this computer', {
    hint: 'Wait for its end: its log is smsts.log in the folder Temp\\SMSTSLog of Windows.',
  });
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
  if (process.platform !== 'win32') {
    return linuxPlatform({ exec, bootCodeFolder: join(dirname(process.execPath), 'bios') });
  }
  const win32 = await loadWin32();
  return isWinpe(win32) ? winpePlatform({ exec, win32 }) : windowsPlatform({ exec, win32 });
}
