import { expect, it } from 'vitest';
import { z } from 'zod';
import { secretTexts } from '../../../../runtime/engine/secret-options.ts';
import { fail, note, runSteps } from '../../../helpers/run.ts';

const Secret = z.string().meta({ secret: true });

it('finds secrets in objects, lists, unions and behind defaults, and nothing else', () => {
  const schema = z.object({
    plain: z.string(),
    one: Secret.optional(),
    list: z.array(z.object({ word: Secret, name: z.string() })).default([]),
    either: z.union([z.literal('none'), z.object({ word: Secret })]),
  });
  const value = { plain: 'p', one: 'a', list: [{ word: 'b', name: 'n' }], either: { word: 'c' } };
  expect(secretTexts(schema, value)).toEqual(['a', 'b', 'c']);
  expect(secretTexts(schema, { plain: 'p', list: [], either: 'none' })).toEqual([]);
});

it('keeps what an option marks as secret out of everything that is said', async () => {
  const join = {
    step: 'join-domain-or-workgroup',
    name: 'Join',
    domain: 'example.org',
    account: 'a',
    password: 'open-sesame',
  };
  const { events } = await runSteps(
    [{ ...join, continueOnError: true }, note('say', { command: ['note', 'open-sesame'] }), fail('open-sesame')],
    { platformName: 'windows' },
  );
  expect(events.length).toBeGreaterThan(3);
  expect(JSON.stringify(events)).not.toContain('open-sesame');
});
