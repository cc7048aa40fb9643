import { describe, expect, it } from 'vitest';
import { disableMissing, repeatDriverStep } from '../../../../builder/project/adapt-sequence.ts';
import { projectSequences } from '../../../../builder/project/project-sequences.ts';
import { enabledPlaces, stepsOf } from '../../../../runtime/sequence/analysis/places.ts';
import { loadSequence } from '../../../../runtime/sequence/load.ts';
import { answersOf } from './answers-of.ts';

const KNOWN = {
  platform: 'linux',
  images: [],
  packages: ['tools'],
  applications: [],
  upgradePackages: [],
  variables: [],
  sequences: undefined,
} as const;
const HEAD = 'formatVersion: 2\nid: a\nname: A\nsteps:\n';

describe('what the project does not have', () => {
  it('is disabled with a word why, and the rest stays', () => {
    const text = `${HEAD}  - step: install-updates\n    packages:\n      - updates\n  - step: install-updates\n    packages: [tools]\n`;
    expect(disableMissing(text, KNOWN)).toBe(
      text.replace(
        'install-updates\n    packages:\n',
        'install-updates\n    enabled: false # media.yaml has no "updates" among its packages yet\n    packages:\n',
      ),
    );
  });

  it('takes the whole group with it where the rest has no sense alone', () => {
    const text = `${HEAD}  - group: State\n    steps:\n      - step: capture-user-state\n        package: usmt\n      - step: release-state-store\n  - step: restart-computer\n`;
    const adapted = disableMissing(text, KNOWN);
    expect(adapted).toContain('  - group: State\n    enabled: false #');
    expect(adapted.match(/enabled: false/g)).toHaveLength(1);
  });

  it('leaves a sequence alone that needs nothing', () => {
    expect(disableMissing(`${HEAD}  - step: restart-computer\n`, KNOWN)).toBe(`${HEAD}  - step: restart-computer\n`);
  });
});

describe('driver packages', () => {
  const drivers = [
    { name: 'latitude', source: '/l', model: 'Latitude 5440*' },
    { name: 'all', source: '/a', model: '*' },
  ];

  it('get a step each, with the model they are for', async () => {
    const values = { image: 'windows-11-pro', drivers: 'latitude', model: 'Latitude 5440*' };
    const answers = answersOf({ drivers, sequences: [{ template: 'install-image', values }] });
    const [written] = await projectSequences(answers, '/p');
    const { sequence } = loadSequence(written?.text ?? '', 'install-image.yaml');
    const steps = stepsOf(enabledPlaces(sequence?.steps ?? [])).map(({ entry }) => entry);
    expect(steps.filter(({ step }) => step === 'apply-driver-package')).toMatchObject([
      { name: 'Drivers latitude', package: 'latitude', condition: { value: 'Latitude 5440*' } },
      { name: 'Drivers all', package: 'all', condition: { value: '*' } },
    ]);
  });

  it('change nothing where no step applies them', () => {
    expect(repeatDriverStep(HEAD, drivers)).toBe(HEAD);
    expect(repeatDriverStep(HEAD, [])).toBe(HEAD);
  });
});
