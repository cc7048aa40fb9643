import { expect, it } from 'vitest';
import type { RunEvent } from '../../../../runtime/contract/events.ts';
import { progressReporter } from '../../../../runtime/engine/progress-reporter.ts';

it('reports the first and the last of a burst, and few between', () => {
  const events: RunEvent[] = [];
  const report = progressReporter((event) => events.push(event), 'T');
  for (let done = 1; done <= 10_000; done++) report({ doneBytes: done, totalBytes: 10_000 });
  const done = events.flatMap((event) => (event.event === 'progress' ? [event.done] : []));
  expect([done.at(0), done.at(-1)]).toEqual([1, 10_000]);
  expect(done.length).toBeLessThan(20);
});
