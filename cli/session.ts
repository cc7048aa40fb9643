import { setImmediate as turn } from 'node:timers/promises';
import { exitCodeOf, isMediasmithError, MediasmithError } from '../runtime/contract/errors.ts';
import type { Emit } from '../runtime/contract/events.ts';
import type { ProgressStage } from './progress.ts';
import { errorDocument, renderError } from './report-error.ts';
import { explainSystemError } from './system-error.ts';

export type CommonOptions = { json?: boolean };

/** What a command is given to talk to its person. */
export type Session = {
  signal: AbortSignal;
  /** Shows progress on standard error while `work` runs. The stages are those it will report, in order. */
  progress<T>(stages: readonly ProgressStage[], work: (emit: Emit) => Promise<T>): Promise<T>;
};

/** What a command hands back: the JSON document, its text for a person, and the exit code when it is not 0. */
export type CommandResult = { document: object; text: string; exitCode?: number };

/** A signal to all processes of a group comes twice: once by itself and once from the launcher. No person is as quick. */
const SAME_MILLISECONDS = 200;

/**
 * Runs a command from its first to its last line: signals, errors, the one document on standard output, the exit code.
 * `always` has the keys that the document of an error has, too, because the command's own always has them.
 */
export async function runSession(
  options: CommonOptions,
  command: (session: Session) => Promise<CommandResult>,
  always: object = {},
): Promise<void> {
  const interrupt = new AbortController();
  let since = Number.POSITIVE_INFINITY;
  const onSignal = (): void => {
    if (interrupt.signal.aborted) {
      if (performance.now() - since > SAME_MILLISECONDS) stopAtOnce(options);
      return;
    }
    since = performance.now();
    process.stderr.write('\nInterrupted: cleaning up. Once more to stop at once.\n');
    interrupt.abort(new MediasmithError('INTERRUPTED', 'interrupted'));
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  try {
    // A signal that came while the command was being loaded has been waiting for its turn.
    await turn();
    interrupt.signal.throwIfAborted();
    const { document, text, exitCode } = await command({
      signal: interrupt.signal,
      progress: async (stages, work) => (await import('./progress.ts')).followProgress(stages, work),
    });
    await write(options.json === true ? `${JSON.stringify(document)}\n` : text);
    process.exitCode = exitCode ?? 0;
  } catch (caught) {
    const error = interrupt.signal.aborted ? interruption(caught) : explainSystemError(caught);
    if (options.json === true) await write(`${JSON.stringify({ ...always, ...errorDocument(error) })}\n`);
    else process.stderr.write(renderError(error));
    process.exitCode = exitCodeOf(error);
  }
}

function stopAtOnce({ json }: CommonOptions): never {
  const error = new MediasmithError('INTERRUPTED', 'stopped at once: what was begun may lie half-written');
  if (json === true) process.stdout.write(`${JSON.stringify(errorDocument(error))}\n`);
  process.exit(exitCodeOf(error));
}

/** A command that leaves something behind says itself what. */
function interruption(caught: unknown): MediasmithError {
  if (isMediasmithError(caught) && caught.code === 'INTERRUPTED' && caught.hint !== undefined) return caught;
  return new MediasmithError('INTERRUPTED', 'interrupted: nothing was left half-written');
}

/** Resolves when the text has left: a pipe takes large documents in parts. */
function write(text: string): Promise<void> {
  return new Promise((resolve) => process.stdout.write(text, () => resolve()));
}
