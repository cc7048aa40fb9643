import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readText } from '../../../builder/config/read-text.ts';
import { readStart } from '../../../builder/read-start.ts';
import { readSecret } from '../../../builder/secret-source.ts';
import { readSecretKey } from '../../../builder/signing/secret-key.ts';
import { checkWimboot } from '../../../builder/writers/pxe/wimboot.ts';
import { verify } from '../../../cli/commands/verify.ts';
import { exec } from '../../../runtime/host/exec.ts';
import { temporaryFolder, writeFiles } from '../../helpers/temporary-folder.ts';

const ENDLESS = '/dev/zero';

it.each([
  ['a whole file', 10, 'abcdef'],
  ['no more than was asked for', 4, 'abcd'],
])('is the start of a file: %s', async (_, most, text) => {
  const folder = await temporaryFolder();
  await writeFiles(folder, { a: 'abcdef' });
  expect((await readStart(join(folder, 'a'), most)).toString()).toBe(text);
});

it('takes from a pipe what has come when that is enough, and all of it else', async () => {
  const file = join(await temporaryFolder(), 'pipe');
  await exec(['mkfifo', file]);
  const enough = readStart(file, 100, { enough: (bytes) => bytes.includes('b') });
  const first = await open(file, 'w');
  await first.write('ab');
  expect((await enough).toString()).toBe('ab');
  await first.close();
  const all = readStart(file, 100);
  await using second = await open(file, 'w');
  await second.write('cd');
  await second.close();
  expect((await all).toString()).toBe('cd');
});

it.each([
  ['into which nobody writes', false],
  ['whose writer says nothing', true],
])('does not wait for ever for a pipe %s', async (_, writer) => {
  const file = join(await temporaryFolder(), 'pipe');
  await exec(['mkfifo', file]);
  await using _held = writer ? await open(file, 'r+') : await open('/dev/null');
  await expect(readStart(file, 100, { pipeSeconds: 0 })).rejects.toThrow('nothing comes out of it');
});

const session = {
  signal: new AbortController().signal,
  progress: () => {
    throw new Error('nothing was to be read');
  },
};

it.each([
  ['a password', () => readSecret({ file: ENDLESS }), 'PROJECT_INVALID'],
  ['a secret key', () => readSecretKey(ENDLESS, undefined), 'KEY_INVALID'],
  ['a public key', () => verify(session, 'medium', { key: ENDLESS }), 'KEY_INVALID'],
  ['a project', () => readText(ENDLESS), 'PROJECT_INVALID'],
  ['wimboot', () => checkWimboot({ path: ENDLESS, sha256: '0'.repeat(64) }), 'SOURCE_NOT_FOUND'],
])('an endless device is no file for %s', async (_, read, code) => {
  expect((await stat(ENDLESS)).isCharacterDevice()).toBe(true);
  await expect(read()).rejects.toMatchObject({ code, where: ENDLESS });
});
