import { MediasmithError } from '../contract/errors.ts';
import type { InlinedChild } from '../sequence/children.ts';
import { messageOf } from './report-failure.ts';
import type { End, Runner } from './runner.ts';

type Child = Pick<InlinedChild, 'group' | 'retry' | 'timeoutSeconds'>;

/**
 * Runs a child sequence, or any group, by what the step that runs it says of time and retries. Another try begins at the
 * step that has failed: what the child has done before it is not done again. Both count from the last restart.
 */
export async function runChild(child: Child, runner: Runner, run: () => Promise<End>): Promise<End> {
  const { group, retry } = child;
  const { journal, wait, signal, emit } = runner.services;
  for (let attempt = 1; ; attempt++) {
    const end = await inTime(child, runner, run);
    const { failed } = runner;
    if (end.kind !== 'failed' || failed === undefined || signal.aborted) return end;
    if (retry === undefined || attempt > retry.count) return end;
    const message = `"${group}" has failed: ${messageOf(end.error)}; again in ${retry.delaySeconds} s`;
    emit({ event: 'log', level: 'warning', component: 'engine', message });
    try {
      await wait(retry.delaySeconds, signal);
    } catch (error) {
      return { kind: 'failed', error };
    }
    journal.record({ record: 'again', entry: failed.entry });
  }
}

/** Its steps see the end of its time as they see an interruption. */
async function inTime({ group, timeoutSeconds }: Child, runner: Runner, run: () => Promise<End>): Promise<End> {
  if (timeoutSeconds === undefined) return run();
  const { services } = runner;
  const timeout = AbortSignal.timeout(timeoutSeconds * 1000);
  runner.services = { ...services, signal: AbortSignal.any([services.signal, timeout]) };
  try {
    const end = await run();
    if (end.kind !== 'failed' || !timeout.aborted || services.signal.aborted) return end;
    const error = new MediasmithError('STEP_TIMEOUT', `"${group}" was ended after ${timeoutSeconds} s`, {
      cause: end.error,
    });
    return { kind: 'failed', error };
  } finally {
    runner.services = services;
  }
}
