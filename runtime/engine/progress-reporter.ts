import type { Emit } from '../contract/events.ts';
import type { Progress } from '../platform/platform.ts';

/** A slow serial line and a slow console both keep up with this. */
const LEAST_SECONDS_BETWEEN = 0.5;

/** Turns a step's progress into events: not too many, the first and the last always, with the rate since the start. */
export function progressReporter(emit: Emit, title: string): Progress {
  const started = performance.now();
  let last = 0;
  return ({ doneBytes, totalBytes }) => {
    const now = performance.now();
    if (last !== 0 && doneBytes < totalBytes && now - last < LEAST_SECONDS_BETWEEN * 1000) return;
    last = now;
    const seconds = (now - started) / 1000;
    const rate = seconds > 0 ? Math.round(doneBytes / seconds) : 0;
    emit({ event: 'progress', title, done: doneBytes, total: totalBytes, unit: 'bytes', rate });
  };
}
