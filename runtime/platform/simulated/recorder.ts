import { MediasmithError } from '../../contract/errors.ts';
import type { Argv } from '../../host/exec.ts';

/** A command line, or what would have been written. */
export type Deed = { command: string } | { write: string };

/** Keeps what a simulated run does, step by step, and has the steps fail that somebody wants to see fail. */
export class Recorder {
  readonly #failures: ReadonlyMap<string, number>;
  readonly #attempt: () => number;
  #failed: number | undefined;
  #deeds: Deed[] = [];
  #pending: number | undefined;

  /** `failures`: exit codes by the names of steps. `attempt`: which one of the step runs now; each of them fails. */
  constructor(failures: ReadonlyMap<string, number>, attempt: () => number = () => 1) {
    this.#failures = failures;
    this.#attempt = attempt;
  }

  /** From now on everything belongs to this step. */
  begin(name: string): void {
    this.#deeds = [];
    this.#failed = undefined;
    this.#pending = this.#failures.get(name);
  }

  /** What was done since this was asked last, in order. What still comes fails no step. */
  take(): Deed[] {
    this.#pending = undefined;
    const deeds = this.#deeds;
    this.#deeds = [];
    return deeds;
  }

  write(path: string): void {
    this.#deeds.push({ write: path });
  }

  /** Notes what is done without a program. It fails where a program of the step would have failed. */
  act(words: string): void {
    this.write(words);
    this.failWithoutCommand();
  }

  /** Notes a command line; the exit code that was asked for, once in an attempt: later commands of the step end well. */
  command(argv: Argv): number | undefined {
    this.#deeds.push({ command: commandLine(argv) });
    return this.#exitCode();
  }

  /** A step that has run no program fails as a whole. */
  failWithoutCommand(): void {
    const code = this.#exitCode();
    if (code === undefined) return;
    throw new MediasmithError('STEP_FAILED', `it was asked to fail with code ${code}`, { exitCode: code });
  }

  #exitCode(): number | undefined {
    const attempt = this.#attempt();
    if (this.#pending === undefined || this.#failed === attempt) return undefined;
    this.#failed = attempt;
    return this.#pending;
  }
}

/** As a person would type it. */
function commandLine(argv: Argv): string {
  return argv.map((word) => (word === '' || /[\s"]/.test(word) ? `"${word.replaceAll('"', '\\"')}"` : word)).join(' ');
}
