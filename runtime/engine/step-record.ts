import type { RunEvent } from '../contract/events.ts';
import type { StepResult } from '../contract/results.ts';
import { type Entry, isGroup, type Sequence, titleOf } from '../sequence/schema.ts';
import type { Memory } from './journal/memory.ts';
import { distinctEntries } from './number-steps.ts';

/** How the steps of a run have ended, from its events and, for what an earlier start has done, from its journal. */
export class StepRecord {
  readonly #ended = new Map<number, StepResult>();
  /** The step that was started last, as a person counts it. */
  last: { index: number; of: number; name: string; type: string } | undefined;
  /** The same, where it has failed: what fails after the last step is none of them. */
  failed: StepRecord['last'];

  take(event: RunEvent): void {
    if (event.event === 'step-started') {
      const { event: _, ...about } = event;
      this.last = about;
    }
    if (event.event !== 'step-finished') return;
    const { event: _, of, ...result } = event;
    // A condition that could not be evaluated fails a step that never started.
    if (result.outcome === 'failed') this.last = { index: result.index, of, name: result.name, type: result.type };
    this.failed = result.outcome === 'failed' ? this.last : undefined;
    this.#ended.set(event.index, result);
  }

  /** Every enabled step of the sequence. */
  results(sequence: Sequence, memory: Memory): StepResult[] {
    const results: StepResult[] = [];
    let entryNumber = 0;
    const visit = (entries: readonly Entry[], enabled: boolean, passedOver: boolean): void => {
      for (const entry of entries) {
        const number = entryNumber++;
        const runs = enabled && entry.enabled;
        const skipped = passedOver || memory.conditions.get(number) === false;
        if (isGroup(entry)) visit(entry.steps, runs, skipped);
        else if (runs) {
          const index = results.length + 1;
          const { failure: _, ...before } = memory.ends.get(number) ?? { outcome: skipped ? 'skipped' : 'not-run' };
          const known = { index, name: titleOf(entry), type: entry.step, ...before } as const;
          results.push(this.#ended.get(index) ?? known);
        }
      }
    };
    visit(distinctEntries(sequence.steps), true, false);
    return results;
  }
}
