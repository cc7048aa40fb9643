import { expect, it } from 'vitest';
import type { RegistryValue } from '../../../../../runtime/contract/facts.ts';
import { waitForSetup } from '../../../../../runtime/platform/windows/setup-phase.ts';

/** Setup that is at work for so many looks. */
async function waitWhile(looks: number, value: RegistryValue = { type: 'REG_DWORD', data: 1n }) {
  const said: string[] = [];
  let seconds = 0;
  let left = looks;
  await waitForSetup({
    facts: { registryValue: async () => (left-- > 0 ? value : { type: 'REG_DWORD', data: 0n }) },
    wait: async (more) => {
      seconds += more;
    },
    signal: new AbortController().signal,
    log: (level, message) => said.push(`${level}: ${message}`),
  });
  return { said, seconds };
}

it('does not wait where Setup has ended, or nobody says', async () => {
  expect(await waitWhile(0)).toEqual({ said: [], seconds: 0 });
  expect(await waitWhile(9, { type: 'REG_SZ', data: '1' })).toEqual({ said: [], seconds: 0 });
});

it('waits for its end', async () => {
  expect(await waitWhile(3)).toEqual({ said: ['info: waiting for the end of Windows Setup'], seconds: 45 });
});

it('goes on after half an hour', async () => {
  const { said, seconds } = await waitWhile(1000);
  expect(seconds).toBe(1800);
  expect(said.at(-1)).toBe('warning: Windows Setup does not end: the sequence goes on beside it');
});
