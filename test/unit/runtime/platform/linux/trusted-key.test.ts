import { join } from 'node:path';
import { expect, it } from 'vitest';
import { linuxPlatform } from '../../../../../runtime/platform/linux/index.ts';
import { scriptedExec } from '../../../../helpers/run.ts';
import { temporaryFolder, writeFiles } from '../../../../helpers/temporary-folder.ts';

const MEDIUM = 'quiet mediasmith.medium=a1';

/** What the boot environment trusts, started with this command line. */
async function trustedKey(commandLine: string, files: Record<string, string> = {}) {
  const folder = await temporaryFolder();
  await writeFiles(folder, { 'proc/cmdline': `${commandLine}\n`, ...files });
  const roots = { sys: join(folder, 'sys'), proc: join(folder, 'proc'), dev: join(folder, 'dev') };
  return linuxPlatform({
    exec: scriptedExec([]),
    bootCodeFolder: folder,
    keyFile: join(folder, 'a.pub'),
    roots,
  }).trustedKey();
}

it('is the key that the boot menu has loaded', async () => {
  expect(await trustedKey(`${MEDIUM} mediasmith.signed`, { 'a.pub': 'a key' })).toBe('a key');
  expect(await trustedKey(MEDIUM, { 'a.pub': 'a key' })).toBe('a key');
});

it('is nobody where the medium is not signed', async () => {
  expect(await trustedKey(MEDIUM)).toBeUndefined();
});

it('is missed where the boot menu has one and it was not loaded', async () => {
  await expect(trustedKey(`${MEDIUM} mediasmith.signed mediasmith.sequence=a`)).rejects.toMatchObject({
    code: 'SIGNATURE_INVALID',
    hint: expect.stringContaining('boot/initrd-key.img'),
  });
});
