import { describe, expect, it } from 'vitest';
import { topLevelKeys } from '../../../../runtime/sequence/document.ts';
import { loadSequence } from '../../../../runtime/sequence/load.ts';
import { growth, LINEAR } from '../../../helpers/growth.ts';

const HEAD = 'formatVersion: 2\nid: x\nname: n\nsteps:\n';
const STEP = '  - { step: restart-computer }\n';

function nested(groups: number): string {
  const lines = Array.from({ length: groups }, (_, n) => {
    const margin = ' '.repeat(2 * n + 1);
    return `${margin}- group: g\n${margin}  steps:\n`;
  });
  return `${HEAD}${lines.join('')}${' '.repeat(2 * groups + 1)}- step: restart-computer\n`;
}

function aliases(): string {
  const row = (name: string, of: string) => `${name}: &${name} [${Array(10).fill(`*${of}`).join(', ')}]\n`;
  return `a: &a [x]\n${row('b', 'a')}${row('c', 'b')}${row('d', 'c')}${row('e', 'd')}${HEAD}  - *e\n`;
}

describe('a sequence bomb', () => {
  it.each([
    ['aliases of aliases', aliases(), /aliases unfold/],
    ['one shared group in many places', shared(), /more than 100000 steps|aliases unfold/],
    ['brackets', `${HEAD}  - name: ${'['.repeat(1_000_000)}`, /nested more than 1000 deep/],
    ['lists in one line', `${HEAD}${'- '.repeat(200_000)}`, /nested too deeply/],
    ['groups in groups', nested(65), /nested more than 64 deep/],
    ['JSON in JSON', `{"steps":${'[{"steps":'.repeat(50_000)}`, /nested more than 1000 deep/],
    ['size', `${HEAD}${STEP}#${'x'.repeat(17 * 1024 ** 2)}`, /larger than 16 MB/],
    ['steps', HEAD + STEP.repeat(120_000), /more than 100000 steps/],
    ['steps without their word', `${HEAD}${'  - {}\n'.repeat(600_000)}`, /more than 500000 items/],
  ])('of %s is refused with the reason', (_, text, reason) => {
    const { sequence, problems } = loadSequence(text, 'f.yaml');
    expect(sequence).toBeUndefined();
    expect(problems).toMatchObject([
      { code: 'SEQUENCE_INVALID', message: expect.stringMatching(reason), file: 'f.yaml' },
    ]);
  });

  it('is none for whoever only asks what kind of document it is', () => {
    for (const text of [`{${'['.repeat(1_000_000)}`, HEAD + STEP.repeat(120_000)]) topLevelKeys(text);
    expect(topLevelKeys(`{"id":"x","steps":${'[{"steps":'.repeat(50_000)}`)).toContain('steps');
    expect(topLevelKeys(HEAD + STEP.repeat(20_000))).toEqual(['formatVersion', 'id', 'name', 'steps']);
  });

  function shared(): string {
    const steps = Array(5000).fill('{step: restart-computer}').join(', ');
    return `${HEAD}  - &g { group: g, steps: [${steps}] }\n${'  - *g\n'.repeat(60)}`;
  }
});

it('takes groups as deep as anybody needs', () => {
  expect(loadSequence(nested(60), 'f').problems).toEqual([]);
});

it('names no more problems than anybody mends at once', () => {
  const { problems } = loadSequence(`${HEAD}${'  - { step: restart-computr }\n'.repeat(5000)}`, 'f');
  expect(problems).toHaveLength(200);
});

it('refuses a version that is not known yet and says what to do', () => {
  const text = `${HEAD}${STEP}`.replace('formatVersion: 2', 'formatVersion: 3');
  expect(loadSequence(text, 'f').problems).toMatchObject([
    {
      ...{ code: 'SEQUENCE_INVALID', line: 1, column: 1 },
      message: 'formatVersion: 3 is newer than what this Mediasmith reads, which is 2',
      hint: expect.stringContaining('write it as formatVersion 2'),
    },
  ]);
});

it('takes time that grows with the number of its steps', () => {
  const steps = (count: number) =>
    HEAD +
    Array.from(
      { length: count },
      (_, n) => `  - step: run-command-line\n    name: Step ${n}\n    command: [a, "%V${n % 7}%"]\n    ${WHEN}\n`,
    ).join('');
  const load = (count: number) => {
    if (loadSequence(steps(count), 'f').sequence === undefined) throw new Error('it was to be read');
  };
  expect(growth(load, 2000)).toBeLessThan(LINEAR);
});
const WHEN = 'condition: { variable: _SMSTSModel, operator: like, value: "Latitude*" }';
