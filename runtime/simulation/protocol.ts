import type { RunEvent } from '../contract/events.ts';
import type { Deeds, Recorder } from '../platform/simulated/recorder.ts';
import { type Entry, type Group, isGroup, titleOf } from '../sequence/schema.ts';

export type SimulatedStep = {
  name: string;
  type: string;
  outcome: 'ran' | 'skipped' | 'failed' | 'disabled';
  /** Why it was skipped or has failed; empty where there is nothing to say. */
  reason: string;
} & Deeds;

type Ends = ReadonlyMap<number, { outcome: string; error?: string | undefined }>;

/** Gathers what became of each step, by its number. */
export class Protocol {
  readonly #recorder: Recorder;
  readonly #ends = new Map<number, Omit<SimulatedStep, 'name' | 'type'>>();
  #deeds: Deeds = { commands: [], writes: [] };

  constructor(recorder: Recorder) {
    this.#recorder = recorder;
  }

  take(event: RunEvent): void {
    if (event.event === 'step-started') this.#deeds = this.#recorder.begin(event.name);
    if (event.event !== 'step-finished') return;
    const skipped = event.outcome === 'skipped';
    // A step that runs again after a restart goes on where it was.
    const before = this.#ends.get(event.index);
    if (!skipped && before !== undefined) {
      this.#deeds.commands.unshift(...before.commands);
      this.#deeds.writes.unshift(...before.writes);
    }
    this.#ends.set(event.index, {
      outcome: skipped ? 'skipped' : event.outcome === 'failed' ? 'failed' : 'ran',
      reason: event.reason ?? event.error ?? '',
      ...(skipped ? { commands: [], writes: [] } : this.#deeds),
    });
    if (skipped) return;
    // A step whose condition cannot be evaluated ends without having begun: what was done before is not its.
    this.#deeds = { commands: [], writes: [] };
    this.#recorder.end();
  }

  /** Every step of the sequence, in order, also those that were never reached. `ends` are the journal's. */
  steps(entries: readonly Entry[], ends: Ends): SimulatedStep[] {
    const numbers = { entries: 0, steps: 0 };
    const visit = (list: readonly Entry[], enabled: boolean, notBegun: string): SimulatedStep[] =>
      list.flatMap((entry) => {
        const known = ends.get(numbers.entries++);
        const runs = enabled && entry.enabled;
        if (isGroup(entry)) {
          // A group ends by itself only where its condition could not be evaluated.
          const why = known?.outcome === 'failed' ? notEvaluated(entry, known.error) : notBegun;
          return visit(entry.steps, runs, why);
        }
        const end = runs ? this.#ends.get(++numbers.steps) : undefined;
        return [{ name: titleOf(entry), type: entry.step, ...(end ?? nothing(runs, notBegun)) }];
      });
    return visit(entries, true, 'a step before it has failed, or has ended the sequence');
  }
}

function notEvaluated(group: Group, error = ''): string {
  return `the condition of the group "${titleOf(group)}" cannot be evaluated: ${error}`;
}

function nothing(enabled: boolean, reason: string): Omit<SimulatedStep, 'name' | 'type'> {
  const none = { commands: [], writes: [] };
  return enabled ? { outcome: 'skipped', reason, ...none } : { outcome: 'disabled', reason: '', ...none };
}
