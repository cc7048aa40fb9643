import { expect, it } from 'vitest';
import { fail, note, outcomes, runSteps } from '../../../helpers/run.ts';

/** A step or a group as the model sees it. */
type Node = {
  name: string;
  enabled: boolean;
  continueOnError: boolean;
  /** Runs only when the last step that ran has ended so. */
  after: 'any' | 'success' | 'failure' | 'code';
} & (Deed | { nodes: Node[] });

/** `fails`: with an exit code or without. `listed`: its success codes name that code. */
type Deed = { fails: 'never' | 'with code' | 'without'; listed: boolean };

/** What Check Readiness ends with. */
const CODE = 4316;

/** What the rules say, in as few words as they can be said in. */
class Model {
  readonly ran: string[] = [];
  readonly skipped: string[] = [];
  #last: { succeeded: boolean; code: number } | undefined;

  /** Whether the list has ended well. */
  list(nodes: readonly Node[]): boolean {
    return nodes.every((node) => !node.enabled || this.#one(node) || node.continueOnError);
  }

  #one(node: Node): boolean {
    if (!this.#holds(node)) {
      this.#skip(node);
      return true;
    }
    if ('nodes' in node) return this.list(node.nodes);
    const succeeded = node.fails === 'never' || (node.fails === 'with code' && node.listed);
    this.ran.push(`${node.name} ${succeeded ? 'succeeded' : 'failed'}`);
    this.#last = { succeeded, code: { never: 0, 'with code': CODE, without: 1 }[node.fails] };
    return succeeded;
  }

  #holds({ after }: Node): boolean {
    if (after === 'any') return true;
    return after === 'code' ? this.#last?.code === CODE : this.#last?.succeeded === (after === 'success');
  }

  #skip(node: Node): void {
    if (!node.enabled) return;
    if ('nodes' in node) for (const inner of node.nodes) this.#skip(inner);
    else this.skipped.push(node.name);
  }
}

/** Numbers that look random and are the same every time (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function randomNodes(next: () => number, depth: number, path: string): Node[] {
  return Array.from({ length: 1 + Math.floor(next() * 4) }, (_, index): Node => {
    const name = `${path}${index}`;
    const common = {
      name,
      enabled: next() > 0.15,
      continueOnError: next() < 0.45,
      after: (['any', 'any', 'any', 'success', 'failure', 'code'] as const)[Math.floor(next() * 6)] ?? 'any',
    };
    const isGroup = depth < 4 && next() < 0.4;
    return isGroup
      ? { ...common, nodes: randomNodes(next, depth + 1, `${name}.`) }
      : { ...common, fails: failureOf(next()), listed: next() < 0.4 };
  });
}

function failureOf(chance: number): Deed['fails'] {
  if (chance < 0.15) return 'without';
  return chance < 0.45 ? 'with code' : 'never';
}

function toEntry(node: Node): object {
  const { name, enabled, continueOnError, after } = node;
  const condition =
    after === 'code'
      ? { variable: '_SMSTSLastActionRetCode', value: String(CODE) }
      : { variable: '_SMSTSLastActionSucceeded', value: String(after === 'success') };
  const common = { enabled, continueOnError, ...(after !== 'any' && { condition }) };
  if ('nodes' in node) return { group: name, ...common, steps: node.nodes.map(toEntry) };
  const judged = { ...common, ...(node.listed && { successCodes: [0, CODE] }) };
  if (node.fails === 'with code') return { step: 'check-readiness', name, memory: '900000 GB', ...judged };
  return node.fails === 'without' ? fail(name, judged) : note(name, judged);
}

const SEQUENCES = 300;

it(`runs ${SEQUENCES} random sequences as the rules say`, async () => {
  let failed = 0;
  let steps = 0;
  for (let seed = 1; seed <= SEQUENCES; seed++) {
    const nodes = randomNodes(random(seed), 0, '');
    const model = new Model();
    const succeeds = model.list(nodes);
    const { events, outcome } = await runSteps(nodes.map(toEntry));
    const ends = outcomes(events);
    const skipped = ends.filter((end) => end.endsWith(' skipped')).map((end) => end.split(' ')[0]);
    expect(
      ends.filter((end) => !end.endsWith(' skipped')),
      `seed ${seed}`,
    ).toEqual(model.ran);
    expect(skipped, `seed ${seed}`).toEqual(model.skipped);
    expect(outcome.error === undefined, `seed ${seed}`).toBe(succeeds);
    if (!succeeds) failed++;
    steps += model.ran.length;
  }
  // Random sequences that all end in the same way would show nothing.
  expect(failed).toBeGreaterThan(SEQUENCES / 10);
  expect(failed).toBeLessThan((SEQUENCES * 9) / 10);
  expect(steps).toBeGreaterThan(SEQUENCES);
}, 30_000);
