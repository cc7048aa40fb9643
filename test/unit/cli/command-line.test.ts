import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { VERSION } from '../../../runtime/contract/version.ts';
import { cli } from '../../helpers/cli.ts';
import { SEQUENCE } from '../../helpers/project.ts';
import { ROOT } from '../../helpers/sources.ts';
import { temporaryFolder, writeFiles } from '../../helpers/temporary-folder.ts';

describe('the command line', () => {
  it('lists its commands', async () => {
    const { exitCode, stdout, stderr } = await cli(['--help']);
    expect([exitCode, stderr]).toEqual([0, '']);
    for (const command of ['demo', 'validate', 'build', 'inspect', 'verify', 'boot-test', 'doctor'])
      expect(stdout).toContain(`\n  ${command} `);
  });

  it('knows its version', async () => {
    expect(await cli(['--version'])).toEqual({ exitCode: 0, stdout: `${VERSION}\n`, stderr: '' });
  });

  it.each([
    [[], 'Usage: mediasmith'],
    [['biuld'], "unknown command 'biuld'"],
    [['build', '--dryrun'], "unknown option '--dryrun'"],
    [['validate'], "missing required argument 'file'"],
    [['build', 'a', 'b'], 'too many arguments'],
    [['boot-test', 'x.iso', '--firmware', 'efi'], 'Allowed choices are uefi, secureboot, bios'],
  ])('%j is a wrong command line', async (args, message) => {
    const { exitCode, stdout, stderr } = await cli(args);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
  });
});

it.each([['build', '--bogus'], ['validate'], ['boot-test', 'x', '--firmware', 'y'], ['bogus']])(
  '%s with --json answers a wrong command line with one document',
  async (...args) => {
    const { exitCode, stdout } = await cli([...args, '--json']);
    expect([exitCode, JSON.parse(stdout).error.code]).toEqual([2, 'USAGE']);
  },
);

it.each([
  [['biuld'], { message: "unknown command 'biuld'", hint: 'Did you mean build?' }],
  [['build', '--jsn'], { message: "unknown option '--jsn'", hint: 'Did you mean --json?' }],
  [['validate'], { message: "missing required argument 'file'", hint: 'Add --help for what the command takes.' }],
])('%j with --json has the hint in the document', async (args, error) => {
  expect(JSON.parse((await cli([...args, '--json'])).stdout).error).toMatchObject(error);
});

it('doctor shows versions, and no usage line in the place of one', async () => {
  const { findings } = JSON.parse((await cli(['doctor', '--json'])).stdout) as { findings: { version: string }[] };
  expect(findings.filter(({ version }) => /usage/i.test(version))).toEqual([]);
});

describe('boot-test', () => {
  it('starts no machine for what is no ISO file, and takes no folder that is not its own', async () => {
    const folder = await temporaryFolder();
    const iso = new Uint8Array(40_000);
    iso.set(Buffer.from('CD001'), 16 * 2048 + 1);
    await writeFiles(folder, { 'a.yaml': SEQUENCE, 'a.iso': iso, 'thesis/text': 'precious' });
    const codes = async (...args: string[]) =>
      JSON.parse((await cli(['boot-test', ...args, '--json'])).stdout).error.code;
    expect(await codes(join(folder, 'a.yaml'))).toBe('MEDIUM_INVALID');
    expect(await codes(folder)).toBe('MEDIUM_INVALID');
    for (const [option, size] of [
      ['--disk', '0 B'],
      ['--disk', '1 MB'],
      ['--disk', '9999999 TB'],
      ['--disk', '20000 GB'],
      ['--memory', '1 MB'],
      ['--memory', '99999 TB'],
      ['--memory', '900 TB'],
    ] as const) {
      const { exitCode, stdout } = await cli(['boot-test', join(folder, 'a.iso'), option, size, '--json']);
      expect([exitCode, JSON.parse(stdout).error]).toEqual([
        2,
        expect.objectContaining({ code: 'USAGE', message: expect.stringContaining(option), hint: expect.any(String) }),
      ]);
    }
    expect(await codes(join(folder, 'a.iso'), '--folder', join(folder, 'thesis'))).toBe('USAGE');
  });
});

describe('validate', () => {
  it('has a list of problems also for what it cannot read', async () => {
    const { exitCode, stdout } = await cli(['validate', join(await temporaryFolder(), 'none.yaml'), '--json']);
    expect([exitCode, JSON.parse(stdout)]).toMatchObject([2, { error: { code: 'PROJECT_NOT_FOUND' }, problems: [] }]);
  });

  async function project(sequence: string): Promise<string> {
    const folder = await temporaryFolder();
    const mediaYaml = 'formatVersion: 1\nname: T\nsequences: [a.yaml]\noutputs: [{ iso: o.iso }]\n';
    await writeFiles(folder, { 'media.yaml': mediaYaml, 'a.yaml': sequence });
    return folder;
  }

  it('prints one document, and ends with 2 where there is an error', async () => {
    const folder = await project(SEQUENCE.replace('restart-computer', 'restart-computr'));
    const { exitCode, stdout, stderr } = await cli(['validate', '--json', join(folder, 'media.yaml')]);
    expect([exitCode, stderr]).toEqual([2, '']);
    expect(JSON.parse(stdout)).toEqual({
      problems: [
        {
          severity: 'error',
          code: 'SEQUENCE_INVALID',
          message: 'steps.0.step: "restart-computr" is not known here',
          hint: 'Did you mean "restart-computer"?',
          file: join(folder, 'a.yaml'),
          line: 5,
          column: 5,
        },
      ],
    });
  });

  it('says so where there is none, of a project and of a sequence alone', async () => {
    const folder = await project(SEQUENCE);
    for (const name of ['media.yaml', 'a.yaml']) {
      const file = join(folder, name);
      expect(await cli(['validate', file])).toEqual({ exitCode: 0, stdout: `${file}: no problems\n`, stderr: '' });
    }
  });

  it('names a place that an editor can go to', async () => {
    const folder = await project(`${SEQUENCE}nmae: x\n`);
    const { exitCode, stdout } = await cli(['validate', join(folder, 'a.yaml')]);
    expect([exitCode, stdout]).toEqual([
      2,
      `${folder}/a.yaml:6:1: error: unknown key "nmae"\n    Did you mean "name"?\n`,
    ]);
  });

  it('of a file that is not there is an error and no result', async () => {
    const { exitCode, stdout } = await cli(['validate', '--json', '/nonexistent.yaml']);
    expect([exitCode, JSON.parse(stdout)]).toMatchObject([
      2,
      { error: { code: 'PROJECT_NOT_FOUND', where: '/nonexistent.yaml' } },
    ]);
    const plain = await cli(['validate', '/nonexistent.yaml']);
    expect([plain.exitCode, plain.stdout]).toEqual([2, '']);
    expect(plain.stderr).toContain('Error PROJECT_NOT_FOUND: ');
  });
});

it.each(['', 'bogus'])('setup.mjs refuses the task %j before it installs anything', (task) => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(ROOT, 'cli/setup.mjs'), ...(task ? [task] : [])],
    {
      encoding: 'utf8',
      env: { PATH: '/nonexistent' },
    },
  );
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toBe('usage: setup.mjs demo|test|test:windows|test:all|bench\n');
});
