import { MediasmithError } from '../contract/errors.ts';
import { type Environment, environmentOf } from '../contract/step.ts';
import { definitionOf, type Step } from '../sequence/schema.ts';
import type { StepContext } from '../steps/context.ts';
import { runners } from '../steps/index.ts';
import { optionsOf } from './options-of.ts';
import { messageOf, reportFailure, returnCodeOf } from './report-failure.ts';
import { aboutStep, type End, type Runner } from './runner.ts';
import { contextFor } from './step-context.ts';

/** Runs one step, or takes its end from the journal. */
export async function runStep(step: Step, runner: Runner): Promise<End> {
  const { journal, platform } = runner.services;
  const entry = runner.numbers.entries.get(step) ?? 0;
  const known = journal.memory.ends.get(entry);
  if (known !== undefined) {
    runner.lastStep = { step, entry };
    return known.outcome === 'succeeded' ? { kind: 'done' } : { kind: 'failed', error: new Error(known.error ?? '') };
  }
  const here = environmentOf(platform.name);
  if (step.runIn !== 'any' && step.runIn !== here) return passOver(step, here, runner);
  runner.lastStep = { step, entry };
  return new StepRun(step, entry, runner).run();
}

function passOver(step: Step, here: Environment, runner: Runner): End {
  const reason = `it runs in ${step.runIn}, this is ${here}`;
  const { emit } = runner.services;
  emit({ event: 'log', level: 'info', component: 'engine', message: `"${aboutStep(step, runner).name}": ${reason}` });
  emit({ event: 'step-finished', ...aboutStep(step, runner), outcome: 'skipped', seconds: 0, reason });
  return { kind: 'done' };
}

type Restart = { into: Environment; carriesOver: boolean };

/** One step while it runs. */
class StepRun {
  readonly #step: Step;
  readonly #entry: number;
  readonly #runner: Runner;
  readonly #traits;
  readonly #about;

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
    const again = await this.#remember(error, restart);
    emit({
      event: 'step-finished',
      ...this.#about,
      outcome: error === undefined ? 'succeeded' : 'failed',
      seconds: (performance.now() - started) / 1000,
      ...(error !== undefined && { error: messageOf(error) }),
    });
    if (error !== undefined) return { kind: 'failed', error };
    const asked = again ?? restart;
    return asked === undefined ? { kind: 'done' } : { kind: 'restart', ...asked };
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

  /** A step that was cut in its middle begins with its next attempt, if it may be run again at all. */
  #attemptToBegin(): number {
    const { mayRepeat, memory } = this.#runner.services.journal;
    const { running } = memory;
    if (running === undefined || running.entry !== this.#entry) return 1;
    const attempt = running.attempt + 1;
    if (mayRepeat || this.#traits.repeatable) return attempt;
    throw new MediasmithError('STEP_INTERRUPTED', 'the machine was cut off in the middle of this step', {
      hint: 'Nobody can tell how far it came, and nobody was there to ask. Set continueOnError where that does no harm.',
    });
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
    journal.record({ record: 'started', entry: this.#entry, name: this.#about.name, attempt });
    await this.#flush({ sync: !repeatable });
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
    } catch (error) {
      if (timeout?.aborted !== true || signal.aborted) throw error;
      throw new MediasmithError('STEP_TIMEOUT', `it was ended after ${timeoutSeconds} s`, { cause: error });
    }
    const asked = reboots ? { into: definitionOf(step).continuesIn(options as never) } : scope.restart();
    if (asked === undefined) return undefined;
    return { into: asked.into ?? environmentOf(platform.name), carriesOver: this.#traits.carriesOver === true };
  }

  /** Variables and journal. Returns the restart that a script has asked for through ConfigMgr's variables. */
  async #remember(error: unknown, restart: Restart | undefined): Promise<Restart | undefined> {
    const { journal, variables, platform } = this.#runner.services;
    const ok = error === undefined;
    variables.set('_SMSTSLastActionName', this.#about.name);
    variables.set('_SMSTSLastActionSucceeded', String(ok));
    variables.set('_SMSTSLastActionRetCode', String(returnCodeOf(error)));
    const wanted = ok && restart === undefined ? restartVariable(variables.get('SMSTSRebootRequested')) : undefined;
    const retry = wanted !== undefined && /^true$/i.test(variables.get('SMSTSRetryRequested') ?? '');
    for (const name of ['SMSTSRebootRequested', 'SMSTSRetryRequested']) variables.set(name, '');
    if (retry) journal.record({ record: 'again', entry: this.#entry });
    else {
      journal.record({
        record: 'ended',
        entry: this.#entry,
        outcome: ok ? 'succeeded' : 'failed',
        ...(!ok && { error: messageOf(error) }),
      });
    }
    await this.#keep();
    const into = wanted === 'here' ? environmentOf(platform.name) : wanted;
    return into === undefined ? undefined : { into, carriesOver: false };
  }

  /** Onto the disk; onto another one where the step has laid it out anew. */
  async #keep(): Promise<void> {
    const { state, services } = this.#runner;
    const { journal, platform } = services;
    const known = journal.memory.state as Runner['state'];
    const sameDisk = state.target?.identity === known.target?.identity;
    if (state.target !== known.target) journal.record({ record: 'state', state: { ...state } });
    if (sameDisk) return this.#flush({ sync: true });
    const store = await platform.openState(state.target, environmentOf(platform.name));
    if (store !== undefined) await journal.moveTo(store);
  }

  /** A state that cannot be written costs the way back after a cut, and not the deployment. */
  async #flush(options: { sync: boolean }): Promise<void> {
    const { journal } = this.#runner.services;
    try {
      await journal.flush(options);
    } catch (error) {
      this.#log(
        'warning',
        `the state of the sequence can no longer be written to ${journal.place}: ${messageOf(error)}`,
      );
      await journal.forgetPlace();
    }
  }

  readonly #log: StepContext['log'] = (level, message) =>
    this.#runner.services.emit({ event: 'log', level, component: this.#step.step, message });
}

/** ConfigMgr's `SMSTSRebootRequested`: HD, WinPE, or true for where it is. */
function restartVariable(value: string | undefined): Environment | 'here' | undefined {
  if (value === undefined || /^false$/i.test(value)) return undefined;
  if (/^hd$/i.test(value)) return 'full-os';
  return /^winpe$/i.test(value) ? 'winpe' : 'here';
}
