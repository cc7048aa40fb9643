import { expect, it } from 'vitest';
import { Variables } from '../../../../runtime/contract/variables.ts';
import { runContent } from '../../../helpers/run-content.ts';

const STEP = { step: 'restart-computer', message: 'Save your work', delaySeconds: 30 };

it('says so, waits, and ends what runs here', async () => {
  const { outcome, waited, log, ran } = await runContent([STEP, { step: 'run-command-line', command: 'after' }]);
  expect(outcome).toEqual({ action: 'restart', continues: 'full-os' });
  expect(waited).toEqual(Array(30).fill(1));
  expect(log).toEqual(expect.arrayContaining(['Save your work', 'the machine restarts in 30 s']));
  expect(ran).toEqual([]);
});

it('takes ConfigMgr’s variables', async () => {
  const variables = new Variables();
  variables.set('SMSRebootMessage', 'Soon');
  variables.set('SMSRebootTimeout', '5');
  const { waited, log } = await runContent([STEP], { variables });
  expect([waited, log.slice(0, 2)]).toEqual([Array(5).fill(1), ['Soon', 'the machine restarts in 5 s']]);
});

it('has words of its own before those of the sequence, and takes those where it has none', async () => {
  const variables = new Variables();
  variables.set('SMSTSRebootMessage', 'From the sequence');
  variables.set('SMSTSRebootDelay', '2');
  const own = await runContent([{ ...STEP, delaySeconds: 0 }], { variables });
  expect([own.waited, own.log.slice(0, 1)]).toEqual([[], ['Save your work']]);
  const without = await runContent([{ step: 'restart-computer' }], { variables });
  expect([without.waited, without.log.slice(0, 2)]).toEqual([
    [1, 1],
    ['From the sequence', 'the machine restarts in 2 s'],
  ]);
});
