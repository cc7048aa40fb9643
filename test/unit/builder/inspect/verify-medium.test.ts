import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hashBytes } from '../../../../builder/hash.ts';
import { inspectMedium } from '../../../../builder/inspect/inspect-medium.ts';
import { verifyMedium } from '../../../../builder/inspect/verify-medium.ts';
import type { RunEvent } from '../../../../runtime/contract/events.ts';
import { type Manifest, MEDIUM_PATHS } from '../../../../runtime/contract/manifest.ts';
import { exec } from '../../../../runtime/host/exec.ts';
import type { PublicKey } from '../../../../runtime/seal/minisign.ts';
import { IMAGE, PACKAGE, writeFakeMedium } from '../../../helpers/fake-medium.ts';
import { tinyPe } from '../../../helpers/microsoft-pe.ts';
import { aSigner, forgeManifest, signMedium } from '../../../helpers/signing-key.ts';
import { temporaryFolder, writeFiles } from '../../../helpers/temporary-folder.ts';

const SEQUENCES = [{ id: 'install', name: 'Install' }];

async function aFolder(wish: Partial<Manifest> = {}) {
  const place = await temporaryFolder();
  await writeFakeMedium(place, SEQUENCES, wish);
  const folder = join(place, 'medium');
  const abort = new AbortController();
  const events: RunEvent[] = [];
  const emit = (event: RunEvent): void => void events.push(event);
  const context = { cacheFolder: join(place, 'cache'), exec, emit, signal: abort.signal };
  return { folder, events, abort, context, verify: () => verifyMedium(folder, context) };
}

/** Changes the manifest and gives it the digest that it then needs. */
async function rewriteManifest(folder: string, change: (manifest: Record<string, unknown>) => object): Promise<void> {
  const path = join(folder, MEDIUM_PATHS.manifest);
  const text = JSON.stringify(change(JSON.parse(await readFile(path, 'utf8'))));
  await writeFile(path, text);
  await writeFile(join(folder, MEDIUM_PATHS.manifestDigest), `${hashBytes(Buffer.from(text))}  manifest.json\n`);
}

describe('a folder', () => {
  it('that is whole', async () => {
    const { verify, events } = await aFolder();
    const sequence = JSON.stringify(SEQUENCES[0]);
    const bytes = 'an image'.length + 'a package'.length + sequence.length;
    expect(await verify()).toEqual({ passed: true, files: 3, bytes, bad: [], signature: 'absent', extra: [], efi: [] });
    expect(events.at(-1)).toMatchObject({ event: 'progress', done: bytes, total: bytes, unit: 'bytes' });
  });

  it('whose files are changed, longer, missing: every one is named', async () => {
    const { folder, verify } = await aFolder();
    await writeFiles(folder, { [IMAGE.file]: 'an imagE', [PACKAGE.file]: 'a package more' });
    await rm(join(folder, 'mediasmith/sequences/install.json'));
    expect(await verify()).toMatchObject({
      passed: false,
      bad: [
        { path: PACKAGE.file, reason: 'has 14 bytes, the manifest says 9' },
        { path: IMAGE.file, reason: 'its content has changed' },
        { path: 'mediasmith/sequences/install.json', reason: 'is missing' },
      ],
    });
  });

  it('with files of its own is whole, and they are named', async () => {
    const { folder, verify } = await aFolder();
    await writeFiles(folder, { 'notes.txt': '', 'boot/boot.cat': '', 'boot/pxe/wimboot': '' });
    expect(await verify()).toMatchObject({ passed: true, extra: ['boot/pxe/wimboot', 'notes.txt'] });
  });

  it('on a file system that spells names in its own way', async () => {
    const { folder, verify } = await aFolder();
    await rename(join(folder, PACKAGE.file), join(folder, PACKAGE.file.replace('content', 'CONTENT')));
    expect(await verify()).toMatchObject({ passed: true, extra: [] });
  });

  it('whose manifest was changed: the files are compared all the same', async () => {
    const { folder, verify, context } = await aFolder();
    const path = join(folder, MEDIUM_PATHS.manifest);
    await writeFile(path, (await readFile(path, 'utf8')).replace('A medium', 'B medium'));
    await writeFiles(folder, { [IMAGE.file]: 'an imagE' });
    expect((await verify()).bad.map((file) => file.path)).toEqual([IMAGE.file, MEDIUM_PATHS.manifest]);
    await expect(inspectMedium(folder, context)).rejects.toMatchObject({ code: 'MEDIUM_CORRUPT' });
  });

  it.each([
    ['a manifest that cannot be parsed', { [MEDIUM_PATHS.manifest]: '{' }, 'does not match its digest'],
    ['no digest', { [MEDIUM_PATHS.manifestDigest]: undefined }, 'has no digest beside it'],
  ])('with %s', async (_, files, reason) => {
    const { folder, verify, context } = await aFolder();
    for (const [path, text] of Object.entries(files)) {
      if (text === undefined) await rm(join(folder, path));
      else await writeFile(join(folder, path), text);
    }
    const bad = [{ path: MEDIUM_PATHS.manifest, reason: expect.stringContaining(reason) }];
    expect(await verify()).toEqual({ passed: false, files: 0, bytes: 0, bad, signature: 'absent', extra: [], efi: [] });
    await expect(inspectMedium(folder, context)).rejects.toMatchObject({ code: 'MEDIUM_CORRUPT' });
  });

  it('with a manifest of a later version is refused, with one of no version is damaged', async () => {
    const { folder, verify } = await aFolder();
    await rewriteManifest(folder, (manifest) => ({ ...manifest, formatVersion: 2 }));
    await expect(verify()).rejects.toMatchObject({
      code: 'MEDIUM_INVALID',
      message: expect.stringContaining('a later version of Mediasmith: its manifest has the format 2'),
    });
    await rewriteManifest(folder, ({ id }) => ({ id }));
    expect((await verify()).bad).toMatchObject([{ reason: expect.stringContaining('is not a manifest') }]);
  });

  it('stops when it is interrupted', async () => {
    const { abort, verify } = await aFolder();
    abort.abort();
    await expect(verify()).rejects.toThrow('aborted');
  });
});

describe('a signature', () => {
  async function signedFolder() {
    const { folder, context, verify } = await aFolder();
    const signer = await aSigner();
    await signMedium(folder, signer);
    const { publicKey } = signer;
    const against = (key: PublicKey) => verifyMedium(folder, context, key);
    return { folder, verify, publicKey, against, stranger: (await aSigner(2)).publicKey };
  }

  it('is held against the key on the medium, or against a given one', async () => {
    const { verify, publicKey, against } = await signedFolder();
    const whole = { passed: true, bad: [], signature: 'valid', extra: [MEDIUM_PATHS.publicKey] };
    expect(await verify()).toMatchObject(whole);
    expect(await against(publicKey)).toMatchObject(whole);
  });

  it('with another key than the given one is damage', async () => {
    const { against, stranger } = await signedFolder();
    expect(await against(stranger)).toMatchObject({
      passed: false,
      signature: 'invalid',
      bad: [
        {
          path: MEDIUM_PATHS.manifestSignature,
          reason: expect.stringMatching('^does not fit the manifest: it was signed with another key: 0202'),
        },
      ],
    });
  });

  it('that is missing is damage where a key is given', async () => {
    const { folder, verify, publicKey, against } = await signedFolder();
    await rm(join(folder, MEDIUM_PATHS.manifestSignature));
    expect(await verify()).toMatchObject({ passed: true, signature: 'absent' });
    expect(await against(publicKey)).toMatchObject({
      passed: false,
      signature: 'absent',
      bad: [{ path: MEDIUM_PATHS.manifestSignature, reason: expect.stringContaining('the medium is not signed') }],
    });
  });

  it('finds a manifest that was changed together with its digest', async () => {
    const { folder, verify } = await signedFolder();
    await forgeManifest(folder, (text) => text.replace('A medium', 'B medium'));
    const reason = 'does not fit the manifest: its content is not what was signed';
    expect(await verify()).toMatchObject({
      passed: false,
      signature: 'invalid',
      bad: [{ path: MEDIUM_PATHS.manifestSignature, reason }],
    });
  });

  it('beside a manifest that cannot be parsed, or without a key to hold it against, is not valid', async () => {
    const { folder, verify } = await signedFolder();
    await rm(join(folder, MEDIUM_PATHS.publicKey));
    expect(await verify()).toMatchObject({
      signature: 'invalid',
      bad: [{ reason: `cannot be checked: ${MEDIUM_PATHS.publicKey} is missing` }],
    });
    await writeFile(join(folder, MEDIUM_PATHS.manifest), '{');
    expect(await verify()).toMatchObject({ passed: false, signature: 'invalid', files: 0 });
  });
});

describe('EFI programs', () => {
  it('are known by what they are: one without the name, one that has only the name, one that is for Windows', async () => {
    const { folder, verify } = await aFolder();
    await writeFiles(folder, {
      kernel: tinyPe({ machine: 'arm64' }),
      'setup.exe': tinyPe({ subsystem: 3 }),
      'EFI/BOOT/BOOTX64.EFI': 'text',
      'EFI/BOOT/cut.efi': tinyPe().subarray(0, 100),
    });
    const { bad, efi } = await verify();
    expect(efi).toMatchObject([
      { path: 'EFI/BOOT/BOOTX64.EFI', machine: null, signing: 'unsigned', digestMatches: null, bytes: 4 },
      { path: 'EFI/BOOT/cut.efi', machine: null },
      { path: 'kernel', machine: 'arm64', signing: 'unsigned', chain: [] },
    ]);
    expect(bad.map(({ path }) => path)).toEqual(['EFI/BOOT/BOOTX64.EFI', 'EFI/BOOT/cut.efi']);
    expect(bad[0]?.reason).toMatch(/^is not a whole Windows or EFI program: it does not begin with MZ/);
  });

  it('a UEFI boot image without any is named', async () => {
    const { folder, verify } = await aFolder();
    await writeFiles(folder, { 'efi/microsoft/boot/efisys.bin': 'no FAT' });
    expect((await verify()).bad).toEqual([
      { path: 'efi/microsoft/boot/efisys.bin', reason: 'no EFI program can be found in it' },
    ]);
  });
});
