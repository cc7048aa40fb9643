import type { RunEvent } from '../contract/events.ts';
import type { Deed, Recorder } from '../platform/simulated/recorder.ts';
import type { Verdict } from '../sequence/condition.ts';
import { type Entry, type Group, isGroup, titleOf } from '../sequence/schema.ts';

/** What was done, in order; `commands` and `writes` are the same, each for itself. */
export type Deeds = { actions: Deed[]; commands: string[]; writes: string[] };

export type SimulatedStep = {
  name: string;
  type: string;
  outcome: 'ran' | 'skipped' | 'failed' | 'disabled';
  /** Why it was skipped or has failed; empty where there is nothing to say. */
  reason: string;
  /** The conditions that hold, of its groups and its own, outermost first: why it had its turn. */
  conditions: string[];
} & Deeds;

type Ended = Pick<SimulatedStep, 'outcome' | 'reason'> & { actions: Deed[] };
type Ends = ReadonlyMap<number, { outcome: string; error?: string | undefined }>;
/** How an entry comes to its turn: why it does not, and what held on the way there. */
type Way = { enabled: boolean; notBegun: string; conditions: readonly string[] };

/** Gathers what became of each step, by its number. */
export class Protocol {
  readonly #recorder: Recorder;
  readonly #ends = new Map<number, Ended>();
  readonly #held = new Map<number, string>();
  #last: Ended | undefined;

  constructor(recorder: Recorder) {
    this.#recorder = recorder;
  }

  /** `entry`: its number in the journal. */
  takeCondition(entry: number, { holds, why }: Verdict): void {
    if (holds) this.#held.set(entry, why);
  }

  take(event: RunEvent): void {
    if (event.event === 'step-started') this.#recorder.begin(event.name);
    if (event.event !== 'step-finished') return;
    if (event.outcome === 'skipped') {
      this.#ends.set(event.index, { outcome: 'skipped', reason: event.reason ?? '', actions: [] });
      return;
    }
    // A step that runs again after a restart goes on where it was.
    const before = this.#ends.get(event.index)?.actions ?? [];
    this.#last = {
      outcome: event.outcome === 'failed' ? 'failed' : 'ran',
      reason: withLines(event.error ?? '', event.lines),
      actions: [...before, ...this.#recorder.take()],
    };
    this.#ends.set(event.index, this.#last);
  }

  /** What was done since is the restart that the last step has asked for. */
  restarted(): void {
    this.#last?.actions.push(...this.#recorder.take());
  }

  /** Every step of the sequence, in order, also those that were never reached. `ends` are the journal's. */
  steps(entries: readonly Entry[], ends: Ends, notBegun: string): SimulatedStep[] {
    const numbers = { entries: 0, steps: 0 };
    const visit = (list: readonly Entry[], way: Way): SimulatedStep[] =>
      list.flatMap((entry) => {
        const number = numbers.entries++;
        const enabled = way.enabled && entry.enabled;
        const why = this.#held.get(number);
        const conditions = why === undefined ? way.conditions : [...way.conditions, `"${titleOf(entry)}": ${why}`];
        if (isGroup(entry)) {
          const known = ends.get(number);
          // One that has failed was never entered where its condition has said nothing.
          const unasked = known?.outcome === 'failed' && entry.condition !== undefined && why === undefined;
          const reason = unasked ? notEvaluated(entry, known.error) : way.notBegun;
          return visit(entry.steps, { enabled, notBegun: reason, conditions });
        }
        const end = enabled ? this.#ends.get(++numbers.steps) : undefined;
        const { actions, ...became } = end ?? nothing(enabled, way.notBegun);
        return [
          { name: titleOf(entry), type: entry.step, ...became, conditions: [...conditions], ...deedsOf(actions) },
        ];
      });
    return visit(entries, { enabled: true, notBegun, conditions: [] });
  }
}

export function deedsOf(actions: readonly Deed[]): Deeds {
  return {
    actions: [...actions],
    commands: actions.flatMap((action) => ('command' in action ? [action.command] : [])),
    writes: actions.flatMap((action) => ('write' in action ? [action.write] : [])),
  };
}

/** In one line: what was found, a check each, is what the message only counts. */
export function withLines(message: string, lines: readonly string[] = []): string {
  return lines.length === 0 ? message : `${message}: ${lines.join('; ')}`;
}

function notEvaluated(group: Group, error = ''): string {
  return `the condition of the group "${titleOf(group)}" cannot be evaluated: ${error}`;
}

function nothing(enabled: boolean, reason: string): Ended {
  return enabled ? { outcome: 'skipped', reason, actions: [] } : { outcome: 'disabled', reason: '', actions: [] };
}
