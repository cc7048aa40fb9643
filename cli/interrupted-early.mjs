const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
/** As the command itself would say it (cli/session.ts). */
const MESSAGE = 'interrupted: nothing was left half-written';
const EXIT_CODE = 130;

/** Answers signals until the command does, which takes a moment: whatever else listens has the word. */
export function answerSignals() {
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      if (process.listenerCount(signal) === 1) endInterrupted();
    });
  }
}

/** Whether the process that ended by this signal was asked to, and could not say so any more. */
export function wasInterrupted(signal) {
  return SIGNALS.includes(signal);
}

/** Ends as an interrupted command does. */
export function endInterrupted() {
  const error = { code: 'INTERRUPTED', message: MESSAGE, lines: [], causes: [] };
  if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify({ error })}\n`);
  else process.stderr.write(`\nError INTERRUPTED: ${MESSAGE}\n`);
  process.exit(EXIT_CODE);
}
