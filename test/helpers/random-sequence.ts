import { MediasmithError } from '../../runtime/contract/errors.ts';
import type { Environment } from '../../runtime/contract/step.ts';
import type { Exec } from '../../runtime/host/exec.ts';
import { append } from './restarting-machine.ts';
import { type Asked, CHECK_CODE, type Deed, type Node, RESTART_CODE, V_BEFORE } from './sequence-model.ts';

/** What a program of these sequences fails with. */
const CODE = 7;
const DEPTH = 4;
const ALWAYS = Number.MAX_SAFE_INTEGER;

/** `steady`: whatever fails does so every time, so that it does not matter how often it is tried. */
export type Wish = { steady?: boolean };

/** A tree of steps, groups and child sequences that looks random and is the same every time for a seed. */
export function randomNodes(seed: number, wish: Wish = {}): Node[] {
  return new RandomNodes(random(seed), wish).list(0, 'n');
}

/** Numbers that look random and are the same every time (mulberry32). */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

class RandomNodes {
  readonly #next: () => number;
  readonly #steady: boolean;

  constructor(next: () => number, { steady = false }: Wish) {
    this.#next = next;
    this.#steady = steady;
  }

  list(depth: number, path: string): Node[] {
    return Array.from({ length: 1 + this.#below(5) }, (_, index) => this.#node(depth, `${path}-${index}`));
  }

  #node(depth: number, name: string): Node {
    const common = {
      name,
      enabled: !this.#chance(0.12),
      continueOnError: this.#chance(0.4),
      condition: this.#chance(0.3) ? this.#asked(0) : undefined,
    };
    if (depth >= DEPTH || this.#chance(0.6)) return { ...common, ...this.#step() };
    const isChild = this.#chance(0.5);
    const about = isChild ? { runIn: this.#runIn(), retries: this.#retries() } : { runIn: 'any' as const, retries: 0 };
    return { ...common, ...about, isChild, nodes: this.list(depth + 1, name) };
  }

  #step() {
    const about = { runIn: this.#runIn(), retries: this.#retries(), successCodes: undefined };
    const deed = this.#deed();
    // Nothing takes these sequences out of the boot environment into Windows.
    if (deed.does === 'restart' && deed.into === 'full-os') return { ...about, ...deed, runIn: 'full-os' as const };
    if (deed.does === 'program' && deed.code === RESTART_CODE) return { ...about, ...deed };
    const judged = (deed.does === 'program' || deed.does === 'check') && this.#chance(0.3);
    return { ...about, ...deed, ...(judged && { successCodes: [0, CODE, CHECK_CODE] }) };
  }

  #deed(): Deed {
    const fails = this.#steady ? ALWAYS : this.#oneOf([1, 1, 2, 3, ALWAYS]);
    return this.#oneOf<Deed>([
      { does: 'append' },
      { does: 'append' },
      { does: 'check' },
      { does: 'program', code: 0, fails: 0 },
      { does: 'program', code: CODE, fails },
      { does: 'program', code: CODE, fails },
      { does: 'program', code: RESTART_CODE, fails: ALWAYS },
      { does: 'restart', into: this.#chance(0.7) ? 'full-os' : 'winpe' },
    ]);
  }

  #asked(depth: number): Asked {
    if (depth < 3 && this.#chance(0.5)) {
      const parts = Array.from({ length: 1 + this.#below(3) }, () => this.#asked(depth + 1));
      return { word: this.#oneOf(['all', 'any', 'none'] as const), parts };
    }
    return this.#oneOf<Asked>([
      { unknown: true },
      { variable: '_SMSTSLastActionSucceeded', is: 'true' },
      { variable: '_SMSTSLastActionSucceeded', is: 'false' },
      { variable: '_SMSTSLastActionRetCode', is: '0' },
      { variable: '_SMSTSLastActionRetCode', is: String(this.#oneOf([1, CODE, CHECK_CODE, RESTART_CODE])) },
      { variable: '_SMSTSInWinPE', is: String(this.#chance(0.5)) },
      { variable: 'V', is: `${V_BEFORE}${'x'.repeat(this.#below(3))}` },
    ]);
  }

  #runIn(): Environment | 'any' {
    return this.#oneOf(['any', 'any', 'any', 'any', 'winpe', 'full-os'] as const);
  }

  #retries(): number {
    return this.#chance(0.5) ? 0 : 1 + this.#below(2);
  }

  #below(limit: number): number {
    return Math.floor(this.#next() * limit);
  }

  #chance(of: number): boolean {
    return this.#next() < of;
  }

  #oneOf<T>(all: readonly T[]): T {
    return all[this.#below(all.length)] as T;
  }
}

/** What a medium of these sequences sets before them. */
export const VARIABLES = [{ name: 'V', value: V_BEFORE, secret: false }];

/** Sequences as documents: the steps of the first, and those of its children by their ids. */
export function documentsOf(nodes: readonly Node[]): { steps: object[]; children: Record<string, object[]> } {
  const children: Record<string, object[]> = {};
  const entryOf = (node: Node): object => {
    const { name, enabled, continueOnError, condition, runIn, retries } = node;
    const common = { enabled, continueOnError, ...(condition !== undefined && { condition: conditionOf(condition) }) };
    if ('nodes' in node && !node.isChild) return { group: name, ...common, steps: node.nodes.map(entryOf) };
    const ofSteps = { name, ...common, runIn, ...(retries > 0 && { retry: { count: retries } }) };
    if ('nodes' in node) {
      children[name] = node.nodes.map(entryOf);
      return { step: 'run-sequence', sequence: name, ...ofSteps };
    }
    return { ...deedOf(node), ...ofSteps, ...(node.successCodes && { successCodes: node.successCodes }) };
  };
  return { steps: nodes.map(entryOf), children };
}

function deedOf(node: Node & Deed): object {
  if (node.does === 'append') return append('V');
  if (node.does === 'check') return { step: 'check-readiness', memory: '900000 GB' };
  if (node.does === 'restart') return { step: 'restart-computer', target: node.into };
  return { step: 'run-command-line', command: ['program', node.name, String(node.code), String(node.fails)] };
}

function conditionOf(asked: Asked): object {
  if ('unknown' in asked) return { wql: 'SELECT * FROM Win32_Unknown' };
  if ('variable' in asked) return { variable: asked.variable, operator: 'equals', value: asked.is };
  return { [asked.word]: asked.parts.map(conditionOf) };
}

/** Runs the programs of these sequences: each ends with its code as often as it is to, and its name is noted. */
export function programsOf(names: string[]): Exec {
  return async ([, name = '', code, fails], { successCodes = [0] } = {}) => {
    names.push(name);
    const exitCode = names.filter((known) => known === name).length > Number(fails) ? 0 : Number(code);
    if (!successCodes.includes(exitCode))
      throw new MediasmithError('TOOL_FAILED', `${name} ended with exit code ${exitCode}`, { exitCode });
    return { exitCode, stdout: '', stderr: '' };
  };
}
