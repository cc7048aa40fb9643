import { expect, it } from 'vitest';
import { Variables } from '../../../../runtime/contract/variables.ts';
import { runContent } from '../../../helpers/run-content.ts';

const STEP = { step: 'restart-computer', message: 'Save your work', delaySeconds: 30 };

it('says so, waits, and ends what runs here', async () => {
  const { outcome, waited, log, ran } = await runContent([STEP, { step: 'run-command-line', command: 'after' }]);
  expect(outcome).toEqual({ action: 'restart', continues: 'full-os' });
  expect(waited).toEqual([30]);
  expect(log).toEqual(expect.arrayContaining(['Save your work', 'the machine restarts in 30 s']));
  expect(ran).toEqual([]);
});

it('takes ConfigMgr’s variables', async () => {
  const variables = new Variables();
  variables.set('SMSRebootMessage', 'Soon');
  variables.set('SMSRebootTimeout', '5');
  const { waited, log } = await runContent([STEP], { variables });
  expect([waited, log.slice(0, 2)]).toEqual([[5], ['Soon', 'the machine restarts in 5 s']]);
});
