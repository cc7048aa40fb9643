import type { RunEvent } from './events.ts';

// Reading is in parse-event-line.ts, which loads the schema library: the runtime's first event must not wait for it.

/** The word that opens an event's line on a serial port, where a firmware and a kernel write too. */
export const EVENT_LINE_PREFIX = '@mediasmith ';

/** One event as a line for a serial port: the prefix, then JSON. */
export function formatEventLine(event: RunEvent): string {
  return `${EVENT_LINE_PREFIX}${JSON.stringify(event)}`;
}
