import { isMediasmithError, MediasmithError } from '../contract/errors.ts';
import { environmentOf } from '../contract/step.ts';
import { redactor } from '../host/exec.ts';
import { restartVariable } from '../sequence/analysis/asked-restart.ts';
import { definitionOf, type Step } from '../sequence/schema.ts';
import type { StepContext } from '../steps/context.ts';
import { runners } from '../steps/index.ts';
import { acceptedCode, asksForRestart } from './exit-codes.ts';
import { isInterrupted } from './interruption.ts';
import { flushJournal, keepState } from './keep-state.ts';
import { optionsOf } from './options-of.ts';
import { rememberFailure } from './remembered-failure.ts';
import { linesOf, messageOf, reportFailure, returnCodeOf } from './report-failure.ts';
import { goesOnAfter } from './restart.ts';
import { retryAfterCut } from './retry-after-cut.ts';
import { aboutStep, type End, type Restart, type Runner } from './runner.ts';
import { contextFor } from './step-context.ts';

/** Runs one step. `entry`: its number in the journal. */
export async function runStep(step: Step, entry: number, runner: Runner): Promise<End> {
  runner.lastStep = { step, entry };
  return new StepRun(step, entry, runner).run();
}

/** Whether the step runs elsewhere. It is passed over for good: after a restart into where it runs its turn would be over. */
export function passOver(step: Step, entry: number, runner: Runner): boolean {
  const { emit, journal, platform } = runner.services;
  const here = environmentOf(platform.name);
  if (step.runIn === 'any' || step.runIn === here) return false;
  const reason = `it runs in ${step.runIn}, this is ${here}`;
  journal.record({ record: 'condition', entry, holds: false });
  emit({ event: 'log', level: 'info', component: 'engine', message: `"${aboutStep(step, runner).name}": ${reason}` });
  emit({ event: 'step-finished', ...aboutStep(step, runner), outcome: 'skipped', seconds: 0, reason });
  return true;
}

/** A step that has a restart and another try whenever it runs would never let anybody out. */
const MOST_ATTEMPTS = 200;

const HERE: Pick<Restart, 'by' | 'notice'> & { into: undefined } = { into: undefined, by: 'restart' };

/** One step while it runs. */
class StepRun {
  readonly #step: Step;
  readonly #entry: number;
  readonly #runner: Runner;
  readonly #traits;
  readonly #about;
  /** It is to run once more after the restart. */
  #again = false;
  /** How often the machine was cut off in the middle of it, one cut after the other. */
  #cuts = 0;
  /** With which it has succeeded: not always 0. */
  #exitCode = 0;

  constructor(step: Step, entry: number, runner: Runner) {
    this.#step = step;
    this.#entry = entry;
    this.#runner = runner;
    this.#traits = definitionOf(step).traits;
    this.#about = aboutStep(step, runner);
  }

  async run(): Promise<End> {
    const { emit, variables, signal } = this.#runner.services;
    const started = performance.now();
    variables.set('_SMSTSCurrentActionName', this.#about.name);
    emit({ event: 'step-started', ...this.#about });
    let restart: Restart | undefined;
    let error: unknown;
    try {
      signal.throwIfAborted();
      restart = await this.#tryAll();
    } catch (caught) {
      error = caught;
      reportFailure(caught, this.#log);
    }
    if (error === undefined) {
      restart ??= this.#restartByVariables();
      error = this.#tooOften();
    }
    // Without an end it is what a cut leaves: the step that runs again when the run goes on.
    if (error !== undefined && isInterrupted(signal)) await flushJournal(this.#runner.services, { sync: true });
    else await this.#remember(error, restart);
    emit({
      event: 'step-finished',
      ...this.#about,
      outcome: error === undefined ? 'succeeded' : 'failed',
      seconds: (performance.now() - started) / 1000,
      ...(error !== undefined && { error: messageOf(error), ...linesOf(error) }),
    });
    if (error === undefined) return restart === undefined ? { kind: 'done' } : { kind: 'restart', ...restart };
    this.#runner.failed = { title: this.#about.name, entry: this.#entry };
    return { kind: 'failed', error };
  }

  /** Once, and as often again as the step says. */
  async #tryAll(): Promise<Restart | undefined> {
    const { retry } = this.#step;
    const { wait, signal } = this.#runner.services;
    const first = this.#attemptToBegin();
    for (let attempt = first; ; attempt++) {
      try {
        return await this.#try(attempt);
      } catch (error) {
        if (retry === undefined || attempt >= first + retry.count || signal.aborted) throw error;
        reportFailure(error, this.#log);
        this.#log('warning', `attempt ${attempt} has failed; again in ${retry.delaySeconds} s`);
        await wait(retry.delaySeconds, signal);
      }
    }
  }

  /**
   * A step that has been begun before goes on counting: what an attempt has left may be in the way of the next. One that
   * was cut in its middle is not always run again.
   */
  #attemptToBegin(): number {
    const { mayRepeat, memory } = this.#runner.services.journal;
    const attempt = (memory.attempts.get(this.#entry) ?? 0) + 1;
    if (memory.running?.entry !== this.#entry) return attempt;
    this.#cuts = (memory.running.cuts ?? 0) + 1;
    if (!mayRepeat && !this.#traits.repeatable) this.#log('warning', retryAfterCut(this.#step, this.#cuts));
    return attempt;
  }

  async #try(attempt: number): Promise<Restart | undefined> {
    const { journal, platform, variables, signal } = this.#runner.services;
    const step = this.#step;
    const { runsOn, title, repeatable, reboots } = this.#traits;
    if (!runsOn.includes(platform.name)) {
      throw new MediasmithError('STEP_FAILED', `${title} does not run on ${platform.name}`, {
        hint: `It runs on ${runsOn.join(', ')}.`,
      });
    }
    const about = { entry: this.#entry, name: this.#about.name, attempt };
    journal.record({ record: 'started', ...about, ...(this.#cuts > 0 && { cuts: this.#cuts }) });
    await flushJournal(this.#runner.services, { sync: !repeatable });
    const options = optionsOf(step, variables);
    const { timeoutSeconds } = options;
    const timeout = timeoutSeconds === undefined ? undefined : AbortSignal.timeout(timeoutSeconds * 1000);
    const stop = timeout === undefined ? signal : AbortSignal.any([signal, timeout]);
    await using scope = contextFor(
      { step: step.step, attempt, signal: stop, successCodes: options.successCodes },
      this.#runner,
    );
    const run = runners[step.step] as (options: Step, context: StepContext) => Promise<void>;
    try {
      await run(options, scope.context);
      this.#runner.services.afterStep?.();
      this.#exitCode = scope.exitCode();
    } catch (error) {
      if (signal.aborted) throw error;
      if (timeout?.aborted === true)
        throw new MediasmithError('STEP_TIMEOUT', `it was ended after ${timeoutSeconds} s`, { cause: error });
      this.#exitCode = this.#accept(error, options);
    }
    const asked = scope.restart() ?? (asksForRestart(this.#exitCode) ? HERE : undefined);
    if (!reboots && asked === undefined) return undefined;
    const into =
      (reboots ? definitionOf(step).continuesIn(options as never) : asked?.into) ?? environmentOf(platform.name);
    return { into, carriesOver: this.#traits.carriesOver === true, by: asked?.by ?? 'restart', notice: asked?.notice };
  }

  /** The code by which it has failed, where the sequence calls that a success. */
  #accept(error: unknown, options: Step): number {
    const code = acceptedCode(error, options);
    if (code === undefined) throw error;
    this.#log('warning', `exit code ${code} is one of its success codes: it has not failed by ${messageOf(error)}`);
    for (const line of isMediasmithError(error) ? error.lines : []) this.#log('warning', line);
    return code;
  }

  /** The restart that a script has asked for through ConfigMgr's variable. */
  #restartByVariables(): Restart | undefined {
    const { variables, platform } = this.#runner.services;
    const wanted = restartVariable(variables.get('SMSTSRebootRequested'));
    if (wanted === undefined) return undefined;
    this.#again = /^true$/i.test(variables.get('SMSTSRetryRequested') ?? '');
    return { into: wanted === 'here' ? environmentOf(platform.name) : wanted, carriesOver: false, by: 'restart' };
  }

  #tooOften(): MediasmithError | undefined {
    const attempts = this.#runner.services.journal.memory.attempts.get(this.#entry) ?? 0;
    if (!this.#again || attempts < MOST_ATTEMPTS) return undefined;
    return new MediasmithError('STEP_FAILED', `it has asked ${attempts} times for a restart and another try`, {
      hint: 'What it waits for does not come. It asks through SMSTSRebootRequested and SMSTSRetryRequested.',
    });
  }

  /** Variables and journal: how it has ended, and the restart that comes of it, are one line there. */
  async #remember(error: unknown, restart: Restart | undefined): Promise<void> {
    const { journal, variables } = this.#runner.services;
    const ok = error === undefined;
    variables.set('_SMSTSLastActionName', this.#about.name);
    variables.set('_SMSTSLastActionSucceeded', String(ok));
    variables.set('_SMSTSLastActionRetCode', String(ok ? this.#exitCode : returnCodeOf(error)));
    for (const name of ['SMSTSRebootRequested', 'SMSTSRetryRequested']) variables.set(name, '');
    const again = ok && this.#again;
    if (again) journal.record({ record: 'again', entry: this.#entry });
    else {
      const end = ok ? ({ outcome: 'succeeded' } as const) : rememberFailure(error, redactor(variables.secrets()));
      journal.record({ record: 'ended', entry: this.#entry, ...end });
    }
    if (ok && restart !== undefined && goesOnAfter(restart, again, this.#runner))
      journal.record({ record: 'restart', into: restart.into });
    await keepState(this.#runner);
  }

  readonly #log: StepContext['log'] = (level, message) =>
    this.#runner.services.emit({ event: 'log', level, component: this.#step.step, message });
}
