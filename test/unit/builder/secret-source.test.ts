import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readSecret, takeFromEnvironment } from '../../../builder/secret-source.ts';
import { exec } from '../../../runtime/host/exec.ts';
import { temporaryFolder, writeFiles } from '../../helpers/temporary-folder.ts';

const SECRET = 'correct horse';

it.each([
  ['alone', SECRET],
  ['with a line end', `${SECRET}\n`],
  ['as an editor for Windows saves it', `\u{FEFF}${SECRET}\r\n`],
  ['before other lines', `${SECRET}\nand more\n`],
])('is the first line of a file: %s', async (_, text) => {
  const folder = await temporaryFolder();
  await writeFiles(folder, { secret: text });
  expect(await readSecret({ file: join(folder, 'secret') })).toBe(SECRET);
});

it('comes through a pipe, in pieces', async () => {
  const file = join(await temporaryFolder(), 'pipe');
  await exec(['mkfifo', file]);
  const secret = readSecret({ file });
  await using pipe = await open(file, 'w');
  await pipe.write('correct ');
  await pipe.write('horse\nmore');
  expect(await secret).toBe(SECRET);
});

it('keeps the spaces that belong to it', async () => {
  const folder = await temporaryFolder();
  await writeFiles(folder, { secret: ' a b \n' });
  expect(await readSecret({ file: join(folder, 'secret') })).toBe(' a b ');
});

it('is an environment variable', async () => {
  expect(await readSecret({ environment: 'PASS' }, 'the password', { PASS: SECRET })).toBe(SECRET);
});

it.each([
  ['not there', undefined, 'cannot be read'],
  ['empty', '\nsecond', 'is empty'],
  ['no text file', `${SECRET.repeat(400)}`, 'is too long'],
  ['long in bytes only', 'ä'.repeat(3000), 'is too long'],
  ['of an older editor for Windows', Buffer.from(`${SECRET} ä\n`, 'latin1'), 'is not text in UTF-8'],
  ['UTF-16', Buffer.from(`\u{FEFF}${SECRET}`, 'utf16le'), 'is not text in UTF-8'],
])('says what is wrong with a file and never what it holds: %s', async (_, text, message) => {
  const folder = await temporaryFolder();
  const file = join(folder, 'secret');
  if (text !== undefined) await writeFiles(folder, { secret: text });
  const error = await readSecret({ file }, 'the password of the key').catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    code: 'PROJECT_INVALID',
    message: expect.stringMatching(`^the password of the key.*${message}`),
    where: file,
    hint: expect.any(String),
  });
  expect(JSON.stringify(error)).not.toContain('horse');
});

it.each([
  [{}, 'PASS is not set'],
  [{ PASS: '' }, 'PASS is empty'],
])('says what is wrong with an environment variable: %j', async (variables, message) => {
  await expect(readSecret({ environment: 'PASS' }, 'the password', variables)).rejects.toMatchObject({
    code: 'PROJECT_INVALID',
    message: expect.stringContaining(message),
    hint: expect.stringContaining('PASS'),
  });
});

it('is no longer in the environment of the programs that are started', async () => {
  const name = 'MEDIASMITH_TEST_SECRET';
  process.env[name] = SECRET;
  takeFromEnvironment([{ environment: name }, { file: '/nowhere' }, undefined]);
  const { stdout } = await exec(['env']);
  expect(stdout).not.toContain(SECRET);
  expect(await readSecret({ environment: name })).toBe(SECRET);
  takeFromEnvironment([{ environment: name }]);
  expect(await readSecret({ environment: name })).toBe(SECRET);
});
