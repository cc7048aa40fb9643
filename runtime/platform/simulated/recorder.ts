import { MediasmithError } from '../../contract/errors.ts';
import type { Argv } from '../../host/exec.ts';

/** What steps would have done: `command lines`, and the files they would have written. */
export type Deeds = { commands: string[]; writes: string[] };

/** Keeps what a simulated run does, step by step, and has the steps fail that somebody wants to see fail. */
export class Recorder {
  readonly #failures: ReadonlyMap<string, number>;
  readonly #attempt: () => number;
  #failed: number | undefined;
  #step: { name: string; deeds: Deeds } | undefined;
  #pending: number | undefined;

  /** `failures`: exit codes by the names of steps. `attempt`: which one of the step runs now; each of them fails. */
  constructor(failures: ReadonlyMap<string, number>, attempt: () => number = () => 1) {
    this.#failures = failures;
    this.#attempt = attempt;
  }

  /** From now on everything belongs to this step. */
  begin(name: string): Deeds {
    const deeds: Deeds = { commands: [], writes: [] };
    this.#step = { name, deeds };
    this.#failed = undefined;
    this.#pending = this.#failures.get(name);
    return deeds;
  }

  /** What still comes belongs to it too: the hand-over after the last step. */
  end(): void {
    this.#pending = undefined;
  }

  write(path: string): void {
    this.#step?.deeds.writes.push(path);
  }

  /** Notes a command line; the exit code that was asked for, once in an attempt: later commands of the step end well. */
  command(argv: Argv): number | undefined {
    this.#step?.deeds.commands.push(commandLine(argv));
    return this.#take();
  }

  /** A step that has run no program fails as a whole. */
  failWithoutCommand(): void {
    const code = this.#take();
    if (code === undefined) return;
    throw new MediasmithError('STEP_FAILED', `it was asked to fail with code ${code}`, { exitCode: code });
  }

  #take(): number | undefined {
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
