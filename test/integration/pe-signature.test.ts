import { execFileSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cacheFolder } from '../../builder/cache-folder.ts';
import { readPe } from '../../builder/pe/pe-file.ts';
import { readSignatures } from '../../builder/pe/signature.ts';
import { signingSetOf } from '../../builder/pe/signing-set.ts';
import { isMediasmithError } from '../../runtime/contract/errors.ts';
import { tinyPe } from '../helpers/microsoft-pe.ts';
import { makeSigner, type Signer } from '../helpers/microsoft-signing.ts';

let folder = '';
let sign: Signer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mediasmith-pe-'));
  sign = await makeSigner(folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test.each([
  [2011, '2011', 'Microsoft Windows Production PCA 2011'],
  [2023, '2023', 'Windows UEFI CA 2023'],
  ['shim', 'other', 'Microsoft Corporation UEFI CA 2011'],
] as const)('a file signed by %s: the chain, the set and the digest', async (by, set, authority) => {
  const path = join(folder, 'bootx64.efi');
  // A length that is no multiple of 8: what signs pads the file first, and the padding counts.
  await writeFile(path, await sign(Buffer.concat([tinyPe({ text: String(by) }), Buffer.from('odd')]), by));
  const [signature] = readSignatures(await readFile(path), path);
  expect(signature?.chain).toEqual(['Microsoft Windows', authority, 'Microsoft Root Certificate Authority 2010']);
  expect(signature?.certificates.map(({ name, issuer }) => [name, issuer])).toEqual([
    ['Microsoft Windows', authority],
    [authority, 'Microsoft Root Certificate Authority 2010'],
  ]);
  const signer = execFileSync('openssl', ['x509', '-in', join(folder, `signer-${by}.pem`), '-noout', '-fingerprint']);
  expect(signer.toString().trim().replaceAll(':', '')).toMatch(
    new RegExp(`=${signature?.certificates[0]?.thumbprint}$`),
  );
  expect(signature).toMatchObject({ digest: 'sha256', matches: true });
  expect(signingSetOf(signature)).toBe(set);
  expect(readPe(await readFile(path), path).signed).toBe(true);
});

test('one changed byte of the program, and the digest does not match; one of the checksum does not count', async () => {
  const file = await sign(tinyPe({ text: 'the program' }), 2023);
  const changed = file.slice();
  changed[0x400] = 1;
  expect(readSignatures(changed, 'f')[0]).toMatchObject({ matches: false, chain: expect.any(Array) });
  const checksum = file.slice();
  checksum[0x80 + 24 + 64] = (checksum[0x80 + 24 + 64] ?? 0) ^ 1;
  expect(readSignatures(checksum, 'f')[0]?.matches).toBe(true);
});

test('several entries of one table come in their order', async () => {
  const by2011 = await sign(tinyPe({ text: 'twice' }), 2011);
  const by2023 = await sign(tinyPe({ text: 'twice' }), 2023);
  const tableAt = new DataView(by2023.buffer).getUint32(0x80 + 24 + 112 + 32, true);
  const both = new Uint8Array(Buffer.concat([by2011, by2023.subarray(tableAt)]));
  new DataView(both.buffer).setUint32(0x80 + 24 + 112 + 36, both.length - tableAt, true);
  const signatures = readSignatures(both, 'both.efi');
  expect(signatures.map(signingSetOf)).toEqual(['2011', '2023']);
  expect(signatures.every(({ matches }) => matches)).toBe(true);
});

test('an unsigned file has no signature, and is in no set', () => {
  expect(readSignatures(tinyPe(), 'unsigned.efi')).toEqual([]);
  expect(signingSetOf(undefined)).toBe('unsigned');
});

test('a damaged signature gives an answer or the one error, wherever the damage is', async () => {
  const good = await sign(tinyPe(), 2011);
  const tableAt = new DataView(good.buffer).getUint32(0x80 + 24 + 112 + 32, true);
  let refused = 0;
  for (let at = tableAt; at < good.length; at += 3) {
    const file = good.slice();
    file[at] = (file[at] ?? 0) ^ 0xff;
    try {
      readSignatures(file, 'file');
    } catch (error) {
      if (!isMediasmithError(error) || error.code !== 'SOURCE_INVALID') throw error;
      refused++;
    }
  }
  expect(refused).toBeGreaterThan(10);
  expect(() => readSignatures(good.subarray(0, good.length - 8), 'cut.efi')).toThrow('cut.efi is not a whole');
});

const SHIMS = globSync(join(cacheFolder(), 'linux-boot/packages/*/root/usr/lib/shim/shimx64.efi.signed'));

test.skipIf(SHIMS.length === 0)("Debian's shim, signed by Microsoft (skipped without a built medium)", async () => {
  const shim = SHIMS[0] ?? '';
  const signatures = readSignatures(await readFile(shim), shim);
  expect(signatures[0]?.chain.slice(1)).toEqual([
    'Microsoft Corporation UEFI CA 2011',
    'Microsoft Corporation Third Party Marketplace Root',
  ]);
  expect(signatures.every(({ matches }) => matches)).toBe(true);
});

const NODES = globSync(join(cacheFolder(), 'npm/node-win-*/bin/node.exe'));

test.skipIf(NODES.length === 0)('Node for Windows as published (skipped without a built runtime)', async () => {
  for (const path of NODES) {
    const file = await readFile(path);
    expect(readPe(file, path)).toMatchObject({ efi: false, signed: true, delayImports: [] });
    expect(readPe(file, path).machine).toBe(path.includes('arm64') ? 'arm64' : 'x64');
    expect(readPe(file, path).imports).toContain('KERNEL32.dll');
    const [signature] = readSignatures(file, path);
    expect(signature).toMatchObject({ matches: true });
    expect(signature?.chain[0]).toBe('OpenJS Foundation');
    expect(signature?.chain.at(-1)).toBe('Microsoft Identity Verification Root Certificate Authority 2020');
  }
});
