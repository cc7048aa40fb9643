import { CommanderError } from 'commander';
import { buildProgram } from './program.ts';

const program = buildProgram();
try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  // Commander has said it already; help and version are no errors, everything else is a wrong command line.
  process.exitCode = error.exitCode === 0 ? 0 : 2;
}
// A closed pipe or a worker that lingers must not keep a finished command alive.
process.exit();
