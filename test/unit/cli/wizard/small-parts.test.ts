import { readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fit, fitLines } from '../../../../cli/wizard/fit.ts';
import { forget, keep, readKept } from '../../../../cli/wizard/kept-answers.ts';
import { complaint } from '../../../../cli/wizard/kinds-of-question.ts';
import { labelFrom, nameFrom } from '../../../../cli/wizard/names.ts';
import { nextCommands } from '../../../../cli/wizard/next-commands.ts';
import { typedPath } from '../../../../cli/wizard/paths.ts';
import { temporaryFolder, writeFiles } from '../../../helpers/temporary-folder.ts';

it.each([
  ['short', 5, 'short'],
  ['/a/long/path.wim', 9, '/a/l….wim'],
  ['abc', 1, '…'],
])('fits %j into %i columns', (text, columns, fitted) => {
  expect(fit(text, columns)).toBe(fitted);
  expect(fitLines(`${text}\nx`, columns)).toBe(`${fitted}\nx`);
});

it('asks again where the system refuses what was given, and ends with what nobody can mend', async () => {
  expect(await complaint(() => readdir(import.meta.filename))).toMatch(/ENOTDIR.*\n.*is a file and not a folder/);
  const bug = new Error('of ours');
  await expect(complaint(() => Promise.reject(bug))).rejects.toBe(bug);
});

describe('names', () => {
  it.each([
    ['Windows 11 Pro', [], 'windows-11-pro'],
    ['Windows 11 Pro', ['windows-11-pro'], 'windows-11-pro-2'],
    ['Übergröße!', [], 'u-bergro-e'],
    ['説明書', [], 'other'],
  ])('of %j beside %j', (text, taken, name) => {
    expect(nameFrom(text, taken, 'other')).toBe(name);
  });

  it.each([
    ['Branch office', 'BRANCH_OFFI'],
    ['A b c d e f g h', 'A_B_C_D_E_F'],
    ['?', 'MEDIASMITH'],
  ])('label of %j', (name, label) => {
    expect(labelFrom(name)).toBe(label);
  });
});

it('takes paths as they are typed or pasted', () => {
  expect(typedPath('~/a.iso')).toBe(join(homedir(), 'a.iso'));
  expect(typedPath("'/a b/c.iso'")).toBe('/a b/c.iso');
  expect(typedPath('a.iso')).toBe(join(process.cwd(), 'a.iso'));
});

it('prints commands that a shell takes as they are', () => {
  const text = nextCommands("/home/it's mine/p/media.yaml", { iso: 'a b.iso', usb: null }, "/home/it's mine");
  expect(text.split('\n').slice(1, -1)).toEqual([
    '  npx mediasmith validate p/media.yaml',
    '  npx mediasmith build p/media.yaml --dry-run',
    '  npx mediasmith build p/media.yaml',
    "  npx mediasmith verify 'p/a b.iso'",
    '  npx mediasmith usb list',
    "  npx mediasmith usb write 'p/a b.iso' --serial SERIAL",
  ]);
  expect(nextCommands('/p/media.yaml', { iso: null, usb: null }, '/elsewhere/far')).not.toContain('usb write');
  const prestaged = nextCommands('/p/media.yaml', { iso: null, usb: null, prestaged: 'a.wim' }, '/p');
  expect(prestaged).toMatch(/mediasmith verify a\.wim\n$/);
});

describe('kept answers', () => {
  it('come back, and are gone when they are forgotten', async () => {
    const folder = join(await temporaryFolder(), 'new');
    expect(await readKept(folder)).toBeUndefined();
    await keep(folder, { kind: 'capture', signingKey: null });
    expect(await readKept(folder)).toEqual({ kind: 'capture', signingKey: null });
    expect(await readdir(folder)).toEqual(['.mediasmith-init.json']);
    await forget(folder);
    expect(await readdir(folder)).toEqual([]);
  });

  it('that cannot be forgotten end nothing, nor does a folder that cannot be made hang', async () => {
    const folder = await temporaryFolder();
    await writeFiles(folder, { '.mediasmith-init.json/x': '' });
    expect(await readKept(folder)).toBeUndefined();
    await forget(folder);
    await expect(keep('/proc/none', { kind: 'capture' })).rejects.toThrow('ENOENT');
  });

  it.each(['{', '{"formatVersion":2,"answers":{}}', '{"formatVersion":1,"answers":{"kind":"x"}}'])(
    'that are damaged count as none: %s',
    async (text) => {
      const folder = await temporaryFolder();
      await writeFiles(folder, { '.mediasmith-init.json': text });
      expect(await readKept(folder)).toBeUndefined();
    },
  );
});
