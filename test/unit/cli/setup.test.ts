import { execFile, spawnSync } from 'node:child_process';
import { chmod, copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { temporaryFolder, writeFiles } from '../../helpers/temporary-folder.ts';

const SETUP = fileURLToPath(new URL('../../../cli/setup.mjs', import.meta.url));

type Outcome = { code: number; stderr: string };

/** Runs the set-up as a user without root, on a machine where dpkg-query knows only `installed`. */
async function setUp(task: string, installed: readonly string[]): Promise<Outcome> {
  const folder = await temporaryFolder();
  const known = installed.map((name) => `[ "$4" = ${name} ] && printf installed`).join('\n');
  await writeFiles(folder, {
    'dpkg-query': `#!/bin/sh\n${known}\n`,
    'apt-get': '#!/bin/sh\necho apt-get was started >&2\nexit 99\n',
  });
  for (const name of ['dpkg-query', 'apt-get']) await chmod(join(folder, name), 0o755);
  const nobody = 'data:text/javascript,process.getuid=()=>1000';
  const env = { ...process.env, PATH: `${folder}:${process.env.PATH}` };
  return new Promise((resolve) => {
    execFile(process.execPath, ['--import', nobody, SETUP, task], { env }, (error, _, stderr) => {
      resolve({ code: Number(error?.code ?? 0), stderr });
    });
  });
}

it.each(['demo', 'test'])('%s without root says the exact command and exits with 3', async (task) => {
  const { code, stderr } = await setUp(task, ['xorriso', 'mtools']);
  expect(code).toBe(3);
  expect(stderr).toContain('apt-get update && apt-get install --yes --no-install-recommends 7zip age attr cpio');
  expect(stderr).not.toMatch(/install .*\b(xorriso|mtools)\b/);
  expect(stderr).not.toContain('apt-get was started');
});

it.each(['toString', 'nonsense'])('the task %s is a usage error', async (task) => {
  expect(await setUp(task, [])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('usage: setup.mjs demo|test'),
  });
});

it('test:windows without root says what it needs and exits with 3', async () => {
  const { code, stderr } = await setUp('test:windows', []);
  expect(code).toBe(3);
  expect(stderr).toContain('need root rights, to mount and to chroot');
  expect(stderr).toMatch(
    /^ {2}apt-get update && apt-get install --yes --no-install-recommends (debootstrap|wine64)\b/m,
  );
  expect(stderr).toMatch(/^ {2}npm run test:windows$/m);
  expect(stderr).not.toContain('xorriso');
  expect(stderr).not.toContain('apt-get was started');
});

it('keeps what npm says away from standard output, which belongs to the command', async () => {
  const folder = await temporaryFolder();
  await writeFiles(folder, {
    'debian-packages.txt': '',
    'package-lock.json': '{}',
    'bin/npm': '#!/bin/sh\necho added\nexit 9\n',
  });
  await mkdir(join(folder, 'cli'));
  await copyFile(SETUP, join(folder, 'cli/setup.mjs'));
  await chmod(join(folder, 'bin/npm'), 0o755);
  const env = { ...process.env, PATH: `${join(folder, 'bin')}:${process.env.PATH}` };
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(folder, 'cli/setup.mjs'), 'demo'], {
    ...{ env, encoding: 'utf8' },
  });
  expect([status, stdout]).toEqual([3, '']);
  expect(stderr).toContain('added\n');
});
