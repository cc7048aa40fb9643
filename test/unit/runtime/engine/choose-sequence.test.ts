import { describe, expect, it } from 'vitest';
import type { RunResult } from '../../../../runtime/contract/results.ts';
import { type Choosing, chooseSequence } from '../../../../runtime/engine/choose-sequence.ts';
import { type OfferSituation, offersOf } from '../../../../runtime/engine/offers.ts';
import { Sequence } from '../../../../runtime/sequence/schema.ts';
import { Answers } from '../../../helpers/asking.ts';

const NOW = new Date(2026, 10, 21, 23, 59);

function sequence(id: string, more: object = {}): Sequence {
  const steps = [{ step: 'set-variable', variable: 'A', value: 'a' }];
  return Sequence.parse({ formatVersion: 2, id, name: `Sequence ${id}`, steps, ...more });
}

function ran(id: string, outcome: RunResult['outcome'], ended = '2026-11-20T10:20:30.000Z'): RunResult {
  return { sequence: { id, name: id }, outcome, ended } as RunResult;
}

function offers(sequences: readonly Sequence[], situation: Partial<OfferSituation> = {}) {
  return offersOf(sequences, { now: NOW, environment: 'winpe', earlier: [], ...situation });
}

async function choose(sequences: readonly Sequence[], wish: Partial<Choosing & OfferSituation> = {}): Promise<string> {
  const { now, environment, earlier, ...choosing } = wish;
  const situation = { ...(now && { now }), ...(environment && { environment }), ...(earlier && { earlier }) };
  const nobody = { named: undefined, preferred: undefined, ask: undefined, menu: false };
  const chosen = await chooseSequence({
    medium: 'Stick',
    offers: offers(sequences, situation),
    ...nobody,
    ...choosing,
  });
  return chosen.id;
}

describe('what is offered', () => {
  const refusal = (more: object, situation: Partial<OfferSituation> = {}) =>
    offers([sequence('a', more)], situation)[0]?.refused;

  it.each([
    [{ validFrom: '2026-11-21', validUntil: '2026-11-21' }, undefined],
    [{ validFrom: '2026-11-22' }, 'it may be used from 2026-11-22 on, and the clock of this machine says 2026-11-21'],
    [{ validUntil: '2026-11-20' }, 'it might be used until 2026-11-20, and the clock of this machine says 2026-11-21'],
  ])('goes by the clock of the machine: %j', (more, reason) => {
    expect(refusal(more)).toBe(reason);
  });

  it.each([
    ['winpe', 'winpe', undefined],
    ['any', 'winpe', undefined],
    ['any', 'full-os', undefined],
    ['full-os', 'full-os', undefined],
    ['full-os', 'winpe', 'it is started in the running Windows, by mediasmith.exe on the medium'],
    ['winpe', 'full-os', 'it is started from the medium, not from the running Windows'],
  ] as const)('goes by where it starts: %s in %s', (startsIn, environment, reason) => {
    expect(refusal({ startsIn }, { environment })).toBe(reason);
  });

  it.each([
    ['always', [ran('a', 'succeeded')], undefined],
    ['never', [], undefined],
    ['never', [ran('other', 'succeeded')], undefined],
    ['never', [ran('a', 'failed')], 'it runs once on a machine, and did so on 2026-11-20 10:20 UTC'],
    ['if-failed', [ran('a', 'failed')], undefined],
    ['if-failed', [ran('a', 'succeeded')], 'it succeeded on this machine on 2026-11-20 10:20 UTC'],
    ['if-failed', [ran('a', 'failed'), ran('a', 'succeeded', '2026-11-19T00:00:00.000Z')], undefined],
  ] as const)('goes by what the disks remember: %s', (rerun, earlier, reason) => {
    expect(refusal({ rerun }, { earlier })).toBe(reason);
  });
});

describe('where nobody is there', () => {
  it('runs the only one, or the preferred one', async () => {
    expect(await choose([sequence('a')])).toBe('a');
    expect(await choose([sequence('a'), sequence('b')], { preferred: 'b' })).toBe('b');
    expect(await choose([sequence('a'), sequence('b', { startsIn: 'full-os' })])).toBe('a');
  });

  it('runs none of several, and says which there are', async () => {
    const several = [sequence('a'), sequence('b'), sequence('c', { validUntil: '2020-01-01' })];
    await expect(choose(several)).rejects.toMatchObject({
      code: 'SEQUENCE_INVALID',
      lines: ['Sequence a (a)', 'Sequence b (b)', expect.stringMatching(/^Sequence c \(c\): it might be used until/)],
    });
  });

  it('does not run a preferred one that is not offered in place of another', async () => {
    const several = [sequence('a'), sequence('b', { validFrom: '2099-01-01' })];
    await expect(choose(several, { preferred: 'b' })).rejects.toThrow(/cannot be started: it may be used from 2099/);
  });

  it('does not ask for a word', async () => {
    expect(await choose([sequence('a', { highImpact: true })])).toBe('a');
  });
});

it('starts the only required one by itself, also where somebody is there', async () => {
  const required = sequence('b', { purpose: 'required' });
  expect(await choose([sequence('a'), required], { ask: new Answers() })).toBe('b');
  const ask = new Answers(0);
  expect(await choose([sequence('a', { purpose: 'required' }), sequence('b', { purpose: 'required' })], { ask })).toBe(
    'a',
  );
});

it('asks whoever is there for the word of a required one of high impact, and nobody where nobody is', async () => {
  const both = [sequence('a'), sequence('b', { purpose: 'required', highImpact: true })];
  expect(await choose(both, { ask: new Answers('continue') })).toBe('b');
  await expect(choose(both, { ask: new Answers('') })).rejects.toMatchObject({ code: 'INTERRUPTED' });
  expect(await choose(both)).toBe('b');
});

it('says for each why none can be started', async () => {
  const expired = sequence('a', { validUntil: '2020-01-01' });
  await expect(choose([expired], { ask: new Answers() })).rejects.toMatchObject({
    message: 'none of the task sequences of this medium can be started here and now',
    lines: [expect.stringContaining('2020-01-01')],
  });
});

describe('a named one', () => {
  it('is run without a menu', async () => {
    expect(await choose([sequence('a'), sequence('b')], { named: 'b', ask: new Answers() })).toBe('b');
  });

  it('that is not there or not offered is an error', async () => {
    await expect(choose([sequence('a')], { named: 'c' })).rejects.toThrow('the medium has no sequence "c"');
    const expired = sequence('a', { validUntil: '2020-01-01' });
    await expect(choose([expired], { named: 'a' })).rejects.toThrow(/"a" cannot be started: it might be used until/);
  });
});

describe('the menu', () => {
  it('has names, descriptions and reasons, and the preferred one ready', async () => {
    const ask = new Answers(0);
    const all = [sequence('a', { description: 'Erases the disk' }), sequence('b', { startsIn: 'full-os' })];
    expect(await choose(all, { ask, preferred: 'a' })).toBe('a');
    expect(ask.asked).toMatchInlineSnapshot(`
      [
        [
          "Stick: which task sequence shall run?",
          [
            {
              "details": "Erases the disk",
              "name": "Sequence a",
              "refused": undefined,
            },
            {
              "details": undefined,
              "name": "Sequence b",
              "refused": "it is started in the running Windows, by mediasmith.exe on the medium",
            },
          ],
          {
            "preferred": 0,
          },
        ],
      ]
    `);
  });

  it('is passed over for a single one, unless somebody wants it', async () => {
    expect(await choose([sequence('a')], { ask: new Answers() })).toBe('a');
    const ask = new Answers(0);
    expect(await choose([sequence('a')], { ask, menu: true })).toBe('a');
    expect(ask.asked).toHaveLength(1);
  });

  it('comes again when a sequence of high impact was not confirmed', async () => {
    const ask = new Answers(0, 'yes', 0, ' continue ');
    expect(await choose([sequence('a', { highImpact: true }), sequence('b')], { ask })).toBe('a');
    expect(ask.asked[1]).toMatchInlineSnapshot(`
      [
        ""Sequence a" changes this machine for good: what is on it may be lost.
      Type CONTINUE to start it, or nothing to leave it",
      ]
    `);
  });
});

it.each([{}, { named: 'a' }])('runs nothing when the only one of high impact was not confirmed: %j', async (more) => {
  const ask = new Answers('');
  await expect(choose([sequence('a', { highImpact: true })], { ask, ...more })).rejects.toMatchObject({
    code: 'INTERRUPTED',
  });
});
