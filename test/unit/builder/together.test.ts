import { expect, it } from 'vitest';
import { together } from '../../../builder/together.ts';

const { signal } = new AbortController();

/** Ends only when it is told to stop, and says so. */
function untilStopped(within: AbortSignal, stopped: () => void): Promise<never> {
  return new Promise((_, reject) => {
    within.addEventListener('abort', () => {
      stopped();
      reject(new Error('told to stop'));
    });
  });
}

it('gives what both have made', async () => {
  expect(await together(signal, () => [Promise.resolve(1), Promise.resolve('two')])).toEqual([1, 'two']);
});

it('stops the other when one fails, waits for it, and throws the first failure', async () => {
  let stopped = false;
  const working = together(signal, (within) => [
    untilStopped(within, () => {
      stopped = true;
    }),
    Promise.reject(new Error('the first')),
  ]);
  await expect(working).rejects.toThrow('the first');
  expect(stopped).toBe(true);
});

it('stops both when it is interrupted', async () => {
  const interrupt = new AbortController();
  let stopped = 0;
  const count = () => {
    stopped += 1;
  };
  const working = together(interrupt.signal, (within) => [untilStopped(within, count), untilStopped(within, count)]);
  interrupt.abort();
  await expect(working).rejects.toThrow('told to stop');
  expect(stopped).toBe(2);
});
