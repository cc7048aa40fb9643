import { describe, expect, it } from 'vitest';
import { MediasmithError } from '../../../../runtime/contract/errors.ts';
import type { RunEvent } from '../../../../runtime/contract/events.ts';
import { Variables } from '../../../../runtime/contract/variables.ts';
import { countDownToRestart } from '../../../../runtime/engine/restart-countdown.ts';
import type { Ask } from '../../../../runtime/host/ask.ts';
import { Answers, nobody } from '../../../helpers/asking.ts';
import { aJournal, note, type RunWish, runSteps } from '../../../helpers/run.ts';

const VARIABLES = { SMSTSRebootDelay: '3', SMSTSRebootMessage: 'Updates need a restart' };
const SOFT: RunWish['exec'] = async () => ({ exitCode: 3010, stdout: '', stderr: '' });

type Wish = { ask?: Ask; signal?: AbortSignal; wait?: () => Promise<void> };

async function countDown(values: Readonly<Record<string, string>>, { ask, signal, wait }: Wish = {}) {
  const variables = variablesOf(values);
  const events: RunEvent[] = [];
  const waited: number[] = [];
  await countDownToRestart(
    { by: 'restart' },
    {
      ask,
      variables,
      emit: (event) => events.push(event),
      signal: signal ?? new AbortController().signal,
      wait: wait ?? (async (seconds) => void waited.push(seconds)),
    },
  );
  const log = events.flatMap((event) => (event.event === 'log' ? [`${event.level} ${event.message}`] : []));
  const left = events.flatMap((event) => (event.event === 'countdown' ? [event.left] : []));
  return { waited, log, left, variables };
}

function variablesOf(values: Readonly<Record<string, string>>): Variables {
  const variables = new Variables();
  for (const [name, value] of Object.entries(values)) variables.set(name, value);
  return variables;
}

describe('the countdown to a restart', () => {
  it('is waited for where nobody is there', async () => {
    expect(await countDown(VARIABLES)).toMatchObject({
      ...{ waited: [1, 1, 1], left: [3, 2, 1] },
      log: ['info Updates need a restart', 'info the machine restarts in 3 s'],
    });
  });

  it.each([[{}], [{ SMSTSRebootDelay: '0' }]])('does not exist with %o', async (values) => {
    expect(await countDown(values)).toMatchObject({ waited: [], left: [], log: [] });
  });

  it.each(['soon', '-1', '1.5', '99999999'])('is not %s seconds long', async (value) => {
    const { waited, log } = await countDown({ SMSTSRebootDelay: value });
    expect([waited, log]).toEqual([[], [expect.stringContaining(`warning SMSTSRebootDelay is "${value}"`)]]);
  });

  it('is put to whoever is there, who may end it', async () => {
    const ask = new Answers('ENTER');
    expect(await countDown(VARIABLES, { ask })).toMatchObject({ waited: [], left: [] });
    const countdown = { seconds: 3, what: 'The machine restarts', goesOn: true };
    expect(ask.asked).toEqual([['Updates need a restart', ['ENTER'], countdown]]);
  });

  it('goes on where the console is gone', async () => {
    const { waited, log } = await countDown(VARIABLES, { ask: nobody });
    expect([waited, log.at(-1)]).toEqual([[1, 1, 1], expect.stringContaining('warning nobody can be told')]);
  });

  it.each(['console', 'clock'])('ends with the reason of an interruption: %s', async (where) => {
    const interrupt = new AbortController();
    const reason = new MediasmithError('INTERRUPTED', 'interrupted by Ctrl-C');
    const interrupted = (): Promise<never> => {
      interrupt.abort(reason);
      return Promise.reject(reason);
    };
    const how = where === 'console' ? { ask: { ...nobody, key: interrupted } } : { wait: interrupted };
    await expect(countDown(VARIABLES, { ...how, signal: interrupt.signal })).rejects.toBe(reason);
  });

  it('is another one for the restarts that follow', async () => {
    const { variables } = await countDown({ ...VARIABLES, SMSTSRebootDelayNext: '10' });
    expect(variables.get('SMSTSRebootDelay')).toBe('10');
  });
});

describe('a sequence counts down', () => {
  it('before a restart that a program asks for, and remembers what comes next', async () => {
    const journal = aJournal();
    const variables = variablesOf({ SMSTSRebootDelay: '2', SMSTSRebootDelayNext: '1' });
    const wish = { variables, journal, platformName: 'windows' as const, startsIn: 'full-os' as const };
    const codes = { successCodes: [0, 3010] };
    const steps = [note('a', codes), note('b', codes), note('c')];
    const first = await runSteps(steps, { ...wish, exec: SOFT });
    expect([first.outcome, first.waited]).toEqual([{ action: 'restart', continues: 'full-os' }, [1, 1]]);
    expect(journal.variables().find(({ name }) => name === 'SMSTSRebootDelay')?.value).toBe('1');
  });

  it('before a restart that is its end', async () => {
    const variables = variablesOf({ SMSTSRebootDelay: '2' });
    const last = [note('a', { successCodes: [0, 3010] })];
    const windows = { platformName: 'windows' as const, startsIn: 'full-os' as const };
    const { outcome, waited } = await runSteps(last, { variables, exec: SOFT, ...windows });
    expect([outcome, waited]).toEqual([{ action: 'restart' }, [1, 1]]);
  });
});
