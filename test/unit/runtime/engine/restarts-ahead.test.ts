import { expect, it } from 'vitest';
import { MediasmithError } from '../../../../runtime/contract/errors.ts';
import { aJournal, note, type RunWish, runSteps } from '../../../helpers/run.ts';

const IN_WINDOWS = { variable: '_SMSTSInWinPE', value: 'false' };
const RESTART = { step: 'restart-computer', target: 'winpe' };

/** In a Windows that cannot be restarted into the boot environment. */
async function runInWindows(steps: readonly object[], wish: RunWish = {}) {
  const asked: string[] = [];
  const refuseRestart = async ({ into }: { into: string }) => {
    asked.push(into);
    throw new MediasmithError('READINESS_FAILED', 'not on this machine');
  };
  const change: RunWish['change'] = (platform) => void Object.assign(platform, { refuseRestart });
  return { ...(await runSteps(steps, { platformName: 'windows', change, ...wish })), asked };
}

it.each([
  ['plain', [note('a'), RESTART]],
  ['in a group', [note('a'), { group: 'g', steps: [{ group: 'h', steps: [{ ...RESTART, runIn: 'full-os' }] }] }]],
  ['where a condition asks for Windows', [note('a'), { group: 'g', condition: IN_WINDOWS, steps: [RESTART] }]],
])('a restart that cannot be made ends the run before its first step: %s', async (_, steps) => {
  const { outcome, ran, asked } = await runInWindows(steps);
  expect(outcome).toMatchObject({ action: 'shell', error: { code: 'READINESS_FAILED' } });
  expect([ran, asked]).toEqual([[], ['winpe']]);
});

it.each([
  ['under a condition', { ...RESTART, condition: { variable: 'No' } }],
  ['in a group under a condition', { group: 'g', condition: { variable: 'No' }, steps: [RESTART] }],
  ['disabled', { ...RESTART, enabled: false }],
  ['elsewhere', { ...RESTART, runIn: 'winpe' }],
])('one that may never be come to does not: %s', async (_, step) => {
  const { outcome, ran, asked } = await runInWindows([note('a'), step]);
  expect(outcome.error).toBeUndefined();
  expect([ran, asked]).toEqual([['note a'], []]);
});

it('nor one of a group that was decided against before', async () => {
  const journal = aJournal();
  journal.record({ record: 'condition', entry: 0, holds: false });
  const group = { group: 'g', condition: IN_WINDOWS, steps: [RESTART] };
  const { ran, asked } = await runInWindows([group, note('a')], { journal });
  expect([ran, asked]).toEqual([['note a'], []]);
});

it('nor one that has been made', async () => {
  const journal = aJournal();
  journal.record({ record: 'ended', entry: 0, outcome: 'succeeded' });
  const { ran, asked } = await runInWindows([RESTART, note('a')], { journal });
  expect([ran, asked]).toEqual([['note a'], []]);
});
