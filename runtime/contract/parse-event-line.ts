import { EVENT_LINE_PREFIX } from './event-line.ts';
import { RunEvent } from './events.ts';

/** The event of a serial line, or undefined where the line is somebody else's or was cut. */
export function parseEventLine(line: string): RunEvent | undefined {
  const start = line.indexOf(EVENT_LINE_PREFIX);
  if (start < 0) return undefined;
  try {
    return RunEvent.parse(JSON.parse(line.slice(start + EVENT_LINE_PREFIX.length)));
  } catch {
    return undefined;
  }
}
