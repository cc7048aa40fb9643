import { writeSync } from 'node:fs';
import { inspect } from 'node:util';

let running = 0;
let fatal: { error: unknown } | undefined;

/**
 * Runs a call of libwim that the process may end in the middle of.
 *
 * A process that exits waits for its worker threads, and the one in libwim waits for the main thread to take its next
 * message: neither would ever go on. So while a call runs, exiting ends the process at once through `exitNow`.
 */
export async function guardExit<Result>(exitNow: (code: number) => void, call: () => Promise<Result>): Promise<Result> {
  const leave = (code: number) => {
    // Node reports an uncaught exception only after the exit listeners, which is too late here.
    if (fatal !== undefined) writeSync(process.stderr.fd, `${inspect(fatal.error)}\n`);
    exitNow(code);
  };
  if (running++ === 0) process.on('uncaughtExceptionMonitor', noteFatal);
  process.on('exit', leave);
  try {
    return await call();
  } finally {
    process.off('exit', leave);
    if (--running === 0) process.off('uncaughtExceptionMonitor', noteFatal);
  }
}

function noteFatal(error: unknown): void {
  fatal = { error };
}
