import { describe, expect, it } from 'vitest';
import { Variables } from '../../../../runtime/contract/variables.ts';
import { netUseArgv } from '../../../../runtime/steps/connect-network-folder/run.ts';
import { aMachine } from '../../../helpers/machine.ts';
import { runContent } from '../../../helpers/run-content.ts';

const STEP = { step: 'connect-network-folder', path: '\\\\srv\\share', driveLetter: 'z:' };
const ACCOUNT = { account: 'DOM\\user', password: 'hunter4' };

it('the command line', () => {
  const wish = { path: '\\\\srv\\share dir', driveLetter: 'z:', account: 'DOM\\user', password: 'a b' };
  expect(netUseArgv('net.exe', wish)).toMatchInlineSnapshot(`
    [
      "net.exe",
      "use",
      "Z:",
      "\\\\srv\\share dir",
      "a b",
      "/user:DOM\\user",
      "/persistent:no",
    ]
  `);
  expect(netUseArgv('net.exe', { path: '\\\\srv\\share' })).toMatchInlineSnapshot(`
    [
      "net.exe",
      "use",
      "\\\\srv\\share",
      "/persistent:no",
    ]
  `);
});

describe('the password', () => {
  it.each(['sequence', 'variable'])('from a %s is in no event, also where net.exe repeats it', async (from) => {
    const variables = new Variables();
    if (from === 'variable') variables.set('Pass', 'hunter4', { secret: true });
    const step = { ...STEP, ...ACCOUNT, ...(from === 'variable' && { password: '%Pass%' }) };
    const answer = () => ({ exitCode: 2, lines: ['System error 86 has occurred.', 'hunter4 is wrong'] });
    const { outcome, calls, events } = await runContent([step], {
      platformName: 'winpe',
      machine: aMachine(),
      variables,
      answer,
    });
    expect(calls[0]?.argv).toContain('hunter4');
    expect(JSON.stringify([events, outcome.error, (outcome.error as Error).message])).not.toContain('hunter4');
    expect(outcome.error).toMatchObject({
      message: '\\\\srv\\share cannot be connected to: the password is wrong',
      where: 'X:\\Windows\\System32\\net.exe use Z: \\\\srv\\share ******** /user:DOM\\user /persistent:no',
      lines: ['System error 86 has occurred.', '******** is wrong'],
    });
  });

  it('of an asterisk would be asked for', async () => {
    const { outcome, calls } = await runContent([{ ...STEP, account: 'a', password: '*' }]);
    expect([outcome.error, calls]).toMatchObject([{ code: 'STEP_FAILED' }, []]);
  });
});

it('a failure that is not known is shown as it is', async () => {
  const { outcome } = await runContent([STEP], { answer: () => ({ exitCode: 2, lines: ['Systemfehler 99'] }) });
  expect(outcome.error).toMatchObject({ message: '\\\\srv\\share cannot be connected to', lines: ['Systemfehler 99'] });
});
