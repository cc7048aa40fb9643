import type { Environment } from '../../runtime/contract/step.ts';

/** What a condition asks. `unknown`: what nobody can evaluate. */
export type Asked =
  | { variable: string; is: string }
  | { unknown: true }
  | { word: 'all' | 'any' | 'none'; parts: readonly Asked[] };

/** What a step does. `fails`: how often its program ends with `code` before it ends well. */
export type Deed =
  | { does: 'append' }
  | { does: 'check' }
  | { does: 'program'; code: number; fails: number }
  | { does: 'restart'; into: Environment };

/** A step, a group or a child sequence as the model sees it. Each has a name of its own. */
export type Node = {
  name: string;
  enabled: boolean;
  continueOnError: boolean;
  condition: Asked | undefined;
  runIn: Environment | 'any';
  /** How many times more it is tried; a group is not. */
  retries: number;
} & ((Deed & { successCodes: readonly number[] | undefined }) | { nodes: readonly Node[]; isChild: boolean });

/** What Check Readiness ends with where the machine has not what it asks for. */
export const CHECK_CODE = 4316;
/** What a program ends with that wants a restart. */
export const RESTART_CODE = 3010;

/** What the variable V holds before anything is added to it. */
export const V_BEFORE = 'v';

/** What the rules say, in as few words as they can be said in. A restart is nothing but another start, perhaps elsewhere. */
export class Model {
  /** How steps have ended, in order: `name outcome`. */
  readonly ends: string[] = [];
  /** The programs that were run, by the names of their steps. */
  readonly programs: string[] = [];
  readonly variables = new Map([['V', V_BEFORE]]);
  /** Restarts so far. */
  restarts = 0;
  /** What is over, however it has ended: its turn does not come again. */
  readonly #over = new Set<Node>();
  /** What was entered, and is not asked again. */
  readonly #entered = new Set<Node>();
  #environment: Environment;

  constructor(startsIn: Environment) {
    this.#environment = startsIn;
  }

  /** Whether the list has ended well. */
  list(nodes: readonly Node[]): boolean {
    for (const node of nodes) {
      if (!node.enabled || this.#over.has(node)) continue;
      if (!this.#one(node) && !node.continueOnError) return false;
      this.#over.add(node);
    }
    return true;
  }

  #one(node: Node): boolean {
    if (!this.#entered.has(node)) {
      const holds = this.#isHere(node) && this.#holds(node.condition);
      if (holds === undefined) return this.#failUnasked(node);
      if (!holds) {
        this.#skip(node);
        return true;
      }
      this.#entered.add(node);
    }
    if (!('nodes' in node)) return this.#step(node);
    return this.#tryAll(node.retries, () => this.list(node.nodes));
  }

  /** The retries count from the last restart. */
  #tryAll(retries: number, run: () => boolean): boolean {
    for (let left = retries; ; left--) {
      const { restarts } = this;
      if (run()) return true;
      if (this.restarts !== restarts) left = retries;
      if (left === 0) return false;
    }
  }

  #step(node: Node & Deed & { successCodes: readonly number[] | undefined }): boolean {
    let code = 0;
    const codes = node.successCodes ?? (node.does === 'program' ? [0, RESTART_CODE] : [0]);
    const succeeded = this.#tryAll(node.retries, () => {
      code = this.#codeOf(node);
      return codes.includes(code);
    });
    this.ends.push(`${node.name} ${succeeded ? 'succeeded' : 'failed'}`);
    this.#remember(succeeded, code);
    if (succeeded && code === RESTART_CODE) this.restarts++;
    if (node.does === 'restart') {
      this.restarts++;
      this.#environment = node.into;
    }
    return succeeded;
  }

  #codeOf(node: Node & Deed): number {
    if (node.does === 'append') this.variables.set('V', `${this.variables.get('V')}x`);
    if (node.does === 'check') return CHECK_CODE;
    if (node.does !== 'program') return 0;
    this.programs.push(node.name);
    return this.programs.filter((name) => name === node.name).length > node.fails ? 0 : node.code;
  }

  #remember(succeeded: boolean, code: number): void {
    this.variables.set('_SMSTSLastActionSucceeded', String(succeeded));
    this.variables.set('_SMSTSLastActionRetCode', String(code));
  }

  #failUnasked(node: Node): boolean {
    if (!('nodes' in node)) this.ends.push(`${node.name} failed`);
    this.#remember(false, 1);
    return false;
  }

  #isHere({ runIn }: Node): boolean {
    return runIn === 'any' || runIn === this.#environment;
  }

  /** Undefined: nobody can say. */
  #holds(asked: Asked | undefined): boolean | undefined {
    if (asked === undefined) return true;
    if ('unknown' in asked) return undefined;
    if ('variable' in asked) return (this.#valueOf(asked.variable) ?? '') === asked.is;
    const said = asked.parts.map((part) => this.#holds(part));
    const decides = asked.word !== 'all';
    const some = said.includes(decides) ? true : said.includes(undefined) ? undefined : false;
    return some === undefined ? undefined : some === (asked.word === 'any');
  }

  #valueOf(variable: string): string | undefined {
    return variable === '_SMSTSInWinPE' ? String(this.#environment === 'winpe') : this.variables.get(variable);
  }

  #skip(node: Node): void {
    if (!node.enabled) return;
    if ('nodes' in node) for (const inner of node.nodes) this.#skip(inner);
    else this.ends.push(`${node.name} skipped`);
  }
}
