import { open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MEDIUM_PATHS } from '../../runtime/contract/manifest.ts';
import { aSigner, forgeManifest, signMedium } from '../helpers/signing-key.ts';
import { writeFiles } from '../helpers/temporary-folder.ts';
import { beginSigned, sealedMedium } from '../helpers/wine-guarded.ts';
import { APPLY_FOLDER, type StubPlan } from '../helpers/wine-stubs.ts';
import { openWinpe, TARGET, type Winpe, type WinpeMedium } from '../helpers/wine-winpe.ts';

const EXIT_SHELL = 1;
const MIB = 1024 ** 2;
const SEQUENCE = {
  ...{ formatVersion: 1, id: 'it', name: 'It' },
  steps: [
    { step: 'format-and-partition-disk', style: 'gpt' },
    { step: 'apply-operating-system', image: 'windows' },
  ],
};
const MEDIUM: WinpeMedium = { sequences: [SEQUENCE] };
const PRESTART = { command: ['C:\\windows\\system32\\cmd.exe', '/d', '/c', 'hello.cmd'], package: 'tools' };

let winpe: Winpe;
let root: string;
beforeAll(async () => {
  winpe = await openWinpe();
  root = await winpe.wine.drive('D');
});
afterAll(() => winpe?.[Symbol.asyncDispose]());

/** It says why, and the disk is as it was. */
async function expectRefused(golden: string): Promise<void> {
  const { exitCode, stderr } = await winpe.run();
  expect({ exitCode, stderr }).toEqual({ exitCode: EXIT_SHELL, stderr: '' });
  const errors = (await winpe.said('error')).join('\n').replaceAll(/(?<=clock says )\S+/g, '<time>');
  await expect(`${errors}\n`).toMatchFileSnapshot(`golden/refused/${golden}.txt`);
  expect(await winpe.calls()).not.toMatch(/diskpart|ApplyDir:W|bcd|wpeutil (reboot|shutdown)/);
  expect(await isEmpty(join(root, '../../disks', String(TARGET)))).toBe(true);
}

async function isEmpty(disk: string): Promise<boolean> {
  await using file = await open(disk);
  const { buffer } = await file.read(Buffer.alloc(2 * MIB), 0, 2 * MIB, 0);
  return buffer.every((byte) => byte === 0);
}

it('what is not refused: the same medium as it was signed', async () => {
  await beginSigned(winpe, MEDIUM);
  expect(await winpe.run(), await winpe.log()).toMatchObject({ exitCode: 0, stderr: '' });
  expect(await winpe.calls()).toMatch(/ApplyDir:W[\s\S]*wpeutil reboot\n$/);
});

describe('where the boot environment has a key, a medium', () => {
  it.each<[string, () => Promise<unknown>]>([
    ['that is not signed', () => rm(join(root, MEDIUM_PATHS.manifestSignature))],
    ['that somebody else has signed', async () => signMedium(root, await aSigner(3))],
    ['whose manifest was altered', () => forgeManifest(root, (text) => text.replace('A medium', 'B medium'))],
    ['whose sequence was altered', () => writeFiles(root, { 'mediasmith/sequences/it.json': '{}' })],
    ['whose trusted comment was altered', alterComment],
  ])('%s starts nothing', async (name, alter) => {
    await beginSigned(winpe, MEDIUM);
    await alter();
    await expectRefused(name.replaceAll(' ', '-'));
  });
});

async function alterComment(): Promise<void> {
  const path = MEDIUM_PATHS.manifestSignature;
  const text = await readFile(join(root, path), 'utf8');
  expect(text).toContain('a-medium');
  await writeFiles(root, { [path]: text.replace('a-medium', 'b-medium') });
}

it.each([
  ['expired', { until: '2020-01-01T00:00:00Z' }],
  ['not valid yet', { from: '2099-01-01T00:00:00Z' }],
])('a medium that is %s starts nothing', async (name, validity) => {
  await beginSigned(winpe, { ...MEDIUM, validity });
  await expectRefused(name.replaceAll(' ', '-'));
});

describe('a sealed medium', () => {
  const content = { sequences: [SEQUENCE], variables: [] };

  it('starts nothing where nobody can type its password', async () => {
    await beginSigned(winpe, await sealedMedium(content, 'correct horse'));
    await expectRefused('without-a-console');
  });

  it('starts nothing when what is sealed was altered', async () => {
    await beginSigned(winpe, await sealedMedium(content, 'correct horse'));
    await writeFiles(root, { [MEDIUM_PATHS.sealed]: 'age-encryption.org/v1\n' });
    await expectRefused('sealed-and-altered');
  });
});

it.each([
  ['ends with 3', '@echo no licence for this machine\r\n@exit 3\r\n'],
  ['writes what is no variable', '@echo no variable>"%MEDIASMITH_VARIABLES%"\r\n'],
])('a prestart command that %s ends the start', async (name, script) => {
  const plan: StubPlan = { dism: { files: { [`${APPLY_FOLDER}\\hello.cmd`]: script } } };
  await beginSigned(winpe, { ...MEDIUM, prestart: PRESTART }, plan);
  await expectRefused(`prestart-${name.replaceAll(' ', '-')}`);
});
