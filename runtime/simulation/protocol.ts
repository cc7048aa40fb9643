import type { RunEvent } from '../contract/events.ts';
import type { Deeds, Recorder } from '../platform/simulated/recorder.ts';
import { type Entry, isGroup, titleOf } from '../sequence/schema.ts';

export type SimulatedStep = {
  name: string;
  type: string;
  outcome: 'ran' | 'skipped' | 'failed' | 'disabled';
  /** Why it was skipped or has failed; empty where there is nothing to say. */
  reason: string;
} & Deeds;

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

  /** Every step of the sequence, in order, also those that were never reached. */
  steps(entries: readonly Entry[], enabled = true, count = { steps: 0 }): SimulatedStep[] {
    return entries.flatMap((entry) => {
      const runs = enabled && entry.enabled;
      if (isGroup(entry)) return this.steps(entry.steps, runs, count);
      const end = runs ? this.#ends.get(++count.steps) : undefined;
      return [{ name: titleOf(entry), type: entry.step, ...(end ?? nothing(runs)) }];
    });
  }
}

function nothing(enabled: boolean): Omit<SimulatedStep, 'name' | 'type'> {
  const none = { commands: [], writes: [] };
  if (!enabled) return { outcome: 'disabled', reason: '', ...none };
  return { outcome: 'skipped', reason: 'a step before it has failed, or has ended the sequence', ...none };
}
