import { describe, expect, it } from 'vitest';
import { Variables } from '../../../../runtime/contract/variables.ts';
import { type Call, runContent } from '../../../helpers/run-content.ts';

const applications = [
  { name: 'runtime' },
  { name: 'office', dependsOn: ['runtime'] },
  { name: 'viewer', dependsOn: ['runtime', 'office'], successCodes: [0, -1073741510] },
  { name: 'other' },
];

function install(names: readonly string[], more: object = {}): object {
  return { step: 'install-application', applications: names, ...more };
}

/** Fails the programs that install these. */
function failing(...names: string[]) {
  return ({ argv }: Call) => ({ exitCode: names.includes(argv.at(-1) ?? '') ? 1603 : 0 });
}

const GOOD = (...names: string[]) => names.map((name) => `setup.exe /install ${name}`);

describe('applications', () => {
  it('come after what they depend on, each once in a run', async () => {
    const steps = [install(['viewer', 'office']), install(['runtime', 'other'])];
    const { outcome, ran, variables } = await runContent(steps, { applications });
    expect(outcome).toEqual({ action: 'restart' });
    expect(ran).toEqual(GOOD('runtime', 'office', 'viewer', 'other'));
    expect(variables.get('_TSAppInstallStatus')).toBe('Success');
  });

  it('come from numbered variables', async () => {
    const variables = new Variables();
    for (const [name, value] of [
      ['APPS01', 'other'],
      ['APPS02', 'runtime'],
      ['APPS04', 'office'],
    ] as const) {
      variables.set(name, value);
    }
    const step = { step: 'install-application', baseVariable: 'APPS', candidates: ['other', 'runtime'] };
    expect((await runContent([step], { applications, variables })).ran).toEqual(GOOD('other', 'runtime'));
  });

  it('have success codes of their own, with and without a sign', async () => {
    const answer = ({ argv }: Call) => ({ exitCode: argv.at(-1) === 'viewer' ? 3221225786 : 0 });
    expect((await runContent([install(['viewer'])], { applications, answer })).outcome.error).toBeUndefined();
  });

  it('that are not on the medium are an error', async () => {
    const { outcome } = await runContent([install(['none'])], { applications });
    expect(outcome.error).toMatchObject({ message: 'the medium has no application named "none"' });
  });
});

describe('one that fails', () => {
  it('ends the step', async () => {
    const wish = { applications, answer: failing('runtime') };
    const { outcome, ran, variables } = await runContent([install(['office', 'other'])], wish);
    expect(outcome.error).toMatchObject({ message: 'office needs runtime, which could not be installed' });
    expect(ran).toEqual(GOOD('runtime'));
    expect(variables.get('_TSAppInstallStatus')).toBe('Error');
  });

  it('lets the others follow where the step says so, but not what depends on it', async () => {
    const step = install(['office', 'viewer', 'other'], { continueOnFailure: true });
    const { outcome, ran, variables } = await runContent([step], { applications, answer: failing('runtime') });
    expect(outcome.error).toBeUndefined();
    expect(ran).toEqual(GOOD('runtime', 'other'));
    expect(variables.get('_TSAppInstallStatus')).toBe('Error');
  });

  it('is not tried again for another that needs it', async () => {
    const step = install(['runtime', 'office', 'viewer', 'other'], { continueOnFailure: true });
    const { ran } = await runContent([step], { applications, answer: failing('runtime') });
    expect(ran).toEqual(GOOD('runtime', 'other'));
  });

  it('is tried again as often as OSDAppInstallRetries says', async () => {
    const variables = new Variables();
    variables.set('OSDAppInstallRetries', '2');
    variables.set('OSDAppInstallRetryTimeout', '1500');
    let calls = 0;
    const answer = () => ({ exitCode: ++calls < 3 ? 1 : 0 });
    const { outcome, ran, waited } = await runContent([install(['other'])], { applications, variables, answer });
    expect([outcome.error, ran, waited]).toEqual([undefined, GOOD('other', 'other', 'other'), [1.5, 1.5]]);
  });
});

it('a restart comes after the last application', async () => {
  const wish = { applications, answer: ({ argv }: Call) => ({ exitCode: argv.at(-1) === 'runtime' ? 3010 : 0 }) };
  const codes = applications.map((each) => ({ ...each, successCodes: [0, 3010] }));
  const steps = [install(['office']), { step: 'run-command-line', command: 'after' }];
  const { outcome, ran } = await runContent(steps, { ...wish, applications: codes });
  expect([outcome, ran]).toEqual([{ action: 'restart', continues: 'full-os' }, GOOD('runtime', 'office')]);
});
