import { describe, expect, it } from 'vitest';
import { Variables } from '../../../../runtime/contract/variables.ts';
import { programOf } from '../../../../runtime/steps/install-package/run.ts';
import { runContent } from '../../../helpers/run-content.ts';

function listed(...values: string[]): Variables {
  const variables = new Variables();
  for (const [index, value] of values.entries()) variables.set(`PACKAGES00${index + 1}`, value);
  return variables;
}

const LIST = { step: 'install-package', baseVariable: 'PACKAGES', candidates: ['tools', 'more'] };
const packages = ['tools', 'more'];

it('runs the program of a package in a copy of it that is gone afterwards', async () => {
  const step = { step: 'install-package', package: 'tools', command: 'setup.exe /quiet "a b"' };
  const { outcome, calls, platform } = await runContent([step]);
  expect(outcome).toEqual({ action: 'restart' });
  expect(calls).toHaveLength(1);
  expect(calls[0]).toMatchObject({
    argv: ['setup.exe', '/quiet', 'a b'],
    options: { commandLine: 'setup.exe /quiet "a b"', cwd: expect.stringContaining('step-') },
  });
  expect(platform.deeds).toContain('extractImage 1');
});

it('takes a restart that the program asks for as success', async () => {
  const step = { step: 'install-package', package: 'tools', command: 'setup.exe' };
  const after = { step: 'run-command-line', command: 'after' };
  const { outcome, ran } = await runContent([step, after], { answer: () => ({ exitCode: 3010 }) });
  expect([outcome, ran]).toEqual([{ action: 'restart', continues: 'full-os' }, ['setup.exe']]);
});

describe('a list of variables', () => {
  it('is installed in order up to the first that is not set', async () => {
    const variables = listed('tools:setup.exe /a', 'more: setup.exe /b');
    variables.set('PACKAGES004', 'tools:never');
    const { ran, platform } = await runContent([LIST], { variables, packages });
    expect(ran).toEqual(['setup.exe /a', 'setup.exe /b']);
    expect(platform.deeds.filter((deed) => deed.startsWith('extract'))).toEqual(['extractImage 1', 'extractImage 2']);
  });

  it('ends at the first failure', async () => {
    const variables = listed('tools:bad', 'more:good');
    const answer = ({ argv }: { argv: readonly string[] }) => ({ exitCode: argv[0] === 'bad' ? 7 : 0 });
    const { outcome, ran } = await runContent([LIST], { variables, packages, answer });
    expect([outcome.error, ran]).toMatchObject([{ code: 'TOOL_FAILED', exitCode: 7 }, ['bad']]);
  });

  it('goes on after failures of every kind where the step says so', async () => {
    const variables = listed('tools:bad', 'nothing', 'none:x', 'more:good');
    const answer = ({ argv }: { argv: readonly string[] }) => ({ exitCode: argv[0] === 'bad' ? 7 : 0 });
    const step = { ...LIST, continueOnFailure: true };
    const { outcome, ran, log } = await runContent([step], { variables, packages, answer });
    expect([outcome.error, ran]).toEqual([undefined, ['bad', 'good']]);
    expect(log).toContain('tools:bad: bad ended with exit code 7');
    expect(log).toContain('nothing: "nothing" does not name a package and a command');
    expect(log).toContain('none:x: the medium has no package named "none"');
    expect(log).toContain('3 of 4 have failed; the sequence goes on');
  });

  it('may be empty', async () => {
    const { outcome, ran } = await runContent([LIST], { packages });
    expect([outcome, ran]).toEqual([{ action: 'restart' }, []]);
  });
});

it('a value names the package up to its first colon', () => {
  expect(programOf('A1:c:\\x.exe /q:1')).toEqual({ package: 'A1', command: 'c:\\x.exe /q:1' });
  expect(() => programOf('A1: ')).toThrow('does not name a package and a command');
});
