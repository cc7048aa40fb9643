import { isMediasmithError, MediasmithError } from '../contract/errors.ts';
import type { Emit } from '../contract/events.ts';
import type { Variables } from '../contract/variables.ts';
import type { Platform } from '../platform/platform.ts';
import type { Sequence } from '../sequence/schema.ts';
import type { Ask } from '../steps/context.ts';
import { drawFailure, FAILURE_KEYS, type FailureKey, failureKeys } from './failure-screen.ts';
import { messageOf } from './report-failure.ts';

/** `end`: as the sequence says. */
export type FailureVerdict = 'retry' | 'menu' | 'restart' | 'shutdown' | 'end';

export type FailureSetup = {
  sequence: Sequence;
  variables: Variables;
  platform: Pick<Platform, 'openCommandPrompt'>;
  ask: Ask;
  logFile: string;
  emit: Emit;
  /** Masks secrets. */
  hide: (text: string) => string;
};

/** ConfigMgr's default for how long its error dialog stays (Microsoft: "Task sequence variables"). */
const DEFAULT_SECONDS = 900;

const THEN: Record<Sequence['onFailure'], string> = {
  restart: 'The machine restarts',
  shutdown: 'The machine shuts down',
  shell: 'The run ends',
};

/** Shows the person what has failed until it is decided what becomes of it. Never throws. */
export async function askAboutFailure(
  { step, error }: { step: string; error: unknown },
  setup: FailureSetup,
): Promise<FailureVerdict> {
  const { sequence, variables, platform, ask, logFile, emit, hide } = setup;
  const commandPrompt = platform.openCommandPrompt !== undefined;
  const screen = drawFailure({
    ...{ sequence: hide(sequence.name), step: hide(step), error: masked(error, hide), logFile, commandPrompt },
  });
  const seconds = timeoutOf(variables);
  let countdown = seconds === 0 ? undefined : { seconds, what: THEN[sequence.onFailure] };
  try {
    for (;;) {
      const key = await ask.key(screen, failureKeys({ commandPrompt }), countdown);
      if (key === undefined) return 'end';
      const verdict = FAILURE_KEYS[key as FailureKey];
      if (verdict !== 'command-prompt') return verdict;
      countdown = undefined;
      await platform.openCommandPrompt?.();
    }
  } catch (caught) {
    const message = `nobody has said what becomes of the failure: ${messageOf(caught)}`;
    emit({ event: 'log', level: 'warning', component: 'engine', message });
    return 'end';
  }
}

/** `SMSTSErrorDialogTimeout`, in seconds. 0 waits for ever; that is how ConfigMgr behaves, its documents do not say. */
function timeoutOf(variables: Variables): number {
  const text = variables.get('SMSTSErrorDialogTimeout')?.trim() ?? '';
  return /^\d{1,7}$/.test(text) ? Number(text) : DEFAULT_SECONDS;
}

/** Before it is broken into lines: a secret that is cut in two is not found any more. */
function masked(error: unknown, hide: (text: string) => string): unknown {
  const message = hide(error instanceof Error ? error.message : String(error));
  if (!isMediasmithError(error)) return new Error(message);
  const { code, where, hint, lines, exitCode } = error;
  return new MediasmithError(code, message, {
    lines: lines.map(hide),
    ...(where !== undefined && { where: hide(where) }),
    ...(hint !== undefined && { hint: hide(hint) }),
    ...(exitCode !== undefined && { exitCode }),
  });
}
