import { CommanderError } from 'commander';
import { MediasmithError } from '../runtime/contract/errors.ts';
import { buildProgram } from './program.ts';
import { errorDocument } from './report-error.ts';

// Whoever closes a pipe early has seen enough; that is no reason to stop half-way.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

try {
  const showsInit = process.argv.some((word) => word === 'init' || word === 'reference');
  const ofInit = showsInit ? (await import('./wizard/flags.ts')).wizardFlags() : [];
  await buildProgram(ofInit).parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  // Commander has said it already; help and version are no errors, everything else is a wrong command line.
  process.exitCode = error.exitCode === 0 ? 0 : 2;
  if (error.exitCode !== 0 && process.argv.includes('--json')) {
    process.stdout.write(`${JSON.stringify(errorDocument(usageError(error)))}\n`);
  }
}

/** What Commander says, in our shape: it puts what was meant in brackets behind the message. */
function usageError({ message }: CommanderError): MediasmithError {
  const [, what = message, meant] = /^(?:error: )?(.*?)(?:\s*\((Did you mean .*)\))?$/s.exec(message) ?? [];
  return new MediasmithError('USAGE', what, { hint: meant ?? 'Add --help for what the command takes.' });
}

// A closed pipe or a worker that lingers must not keep a finished command alive.
process.exit();
