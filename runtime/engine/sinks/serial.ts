import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { formatEventLine } from '../../contract/event-line.ts';
import type { Emit } from '../../contract/events.ts';

/**
 * Events as lines on a serial port. A machine without the port, or one on which nobody reads, must not hold up a
 * deployment: what cannot be written at once is dropped.
 */
export function serialSink(device: string): Emit & Disposable {
  let port: number | undefined;
  try {
    port = openSync(device, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch {
    port = undefined;
  }
  const emit: Emit = (event) => {
    if (port === undefined) return;
    // The line begins on its own: what a firmware or the kernel wrote before may not have ended.
    const line = Buffer.from(`\n${formatEventLine(event)}\n`);
    try {
      for (let sent = 0; sent < line.length; ) sent += writeSync(port, line, sent);
    } catch (error) {
      if (!isBusy(error)) port = undefined;
    }
  };
  return Object.assign(emit, {
    [Symbol.dispose]: () => {
      if (port !== undefined) closeSync(port);
      port = undefined;
    },
  });
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EAGAIN';
}
