import { expect, it } from 'vitest';
import { Variables } from '../../../../runtime/contract/variables.ts';
import { runSteps } from '../../../helpers/run.ts';

const set = (variable: string, value: string): object => ({ step: 'set-variable', variable, value });

it('the screen is told what ConfigMgr’s variables say of it, once for each change', async () => {
  const variables = new Variables();
  variables.set('TSProgressInfoLevel', '2');
  const { events } = await runSteps(
    [
      set('tsdisableprogressui', 'TRUE'),
      set('TSProgressInfoLevel', '3'),
      set('TSDisableProgressUI', 'false'),
      set('TSProgressInfoLevel', '7'),
      set('Other', 'true'),
    ],
    { variables },
  );
  const told = events.flatMap((event) => (event.event === 'progress-display' ? [event.shows] : []));
  expect(told).toEqual(['steps-and-percent', 'nothing', 'percent', 'steps']);
  expect(events.map(({ event }) => event).indexOf('progress-display')).toBe(1);
});

it('nothing is said where nothing is wanted', async () => {
  const { events } = await runSteps([set('Other', 'true')]);
  expect(events.some(({ event }) => event === 'progress-display')).toBe(false);
});
