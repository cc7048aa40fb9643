import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { measure, memoryOfTree } from '../../bench/compare.ts';
import { ROOT } from '../../helpers/sources.ts';

it('refuses a bench that is not there, and names those that are', () => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(ROOT, 'test/bench/main.ts'), 'nosuch', '--json'],
    {
      encoding: 'utf8',
    },
  );
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/^no bench is called nosuch: there are start, simulate, .*windows-iso$/m);
});

const HOLDS = `const held = Buffer.alloc(150_000_000, 1); console.log(held.length); setTimeout(() => {}, 1000);`;

it('counts the memory of what a process has started', async () => {
  const parent = spawn('sh', ['-c', `"${process.execPath}" -e "$0"; true`, HOLDS], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await once(parent.stdout, 'data');
  expect(await memoryOfTree(parent.pid)).toBeGreaterThan(150_000_000);
  await once(parent, 'exit');
  expect(await memoryOfTree(parent.pid)).toBe(0);
  const { peakBytes } = await measure(['sh', '-c', `"${process.execPath}" -e "$0"; true`, HOLDS]);
  expect(peakBytes).toBeGreaterThan(150_000_000);
});
