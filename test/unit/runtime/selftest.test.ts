import { expect, it, vi } from 'vitest';
import { selftest } from '../../../runtime/selftest.ts';

// A password costs a second and 256 MiB, wherever it is tried.
vi.setConfig({ testTimeout: 60_000 });

it('prints exactly one document', async () => {
  const printed: string[] = [];
  expect(await selftest(true, (text) => printed.push(text))).toBe(0);
  expect(printed).toHaveLength(1);
  const { checks } = JSON.parse(printed.join(''));
  expect(checks).toContainEqual({ name: 'node', ok: true, detail: `${process.version} linux ${process.arch}` });
  expect(checks).toContainEqual({
    name: 'native',
    ok: true,
    detail: expect.stringContaining(`process ${process.pid}`),
  });
  expect(checks.map(({ name }: { name: string }) => name)).toEqual([
    'node',
    'native',
    'temp',
    'age',
    'minisign',
    'console',
  ]);
});

it('prints a line for each check', async () => {
  const printed: string[] = [];
  await selftest(false, (text) => printed.push(text));
  expect(printed.join('')).toMatch(
    /^ok {4} node .*\nok {4} native .*\nok {4} temp .*\nok {4} age .*\nok {4} minisign .*\nok {4} console .*\n$/,
  );
});

it('fails when something needed does not work, and says which', async () => {
  const { TMPDIR } = process.env;
  const printed: string[] = [];
  try {
    process.env.TMPDIR = '/nowhere/at/all';
    expect(await selftest(true, (text) => printed.push(text))).toBe(4);
  } finally {
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
  }
  const { checks } = JSON.parse(printed.join(''));
  expect(checks).toContainEqual({ name: 'temp', ok: false, detail: expect.stringContaining('ENOENT') });
});
