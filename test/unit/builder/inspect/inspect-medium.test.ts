import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hashBytes } from '../../../../builder/hash.ts';
import { inspectMedium } from '../../../../builder/inspect/inspect-medium.ts';
import { type Manifest, MEDIUM_PATHS } from '../../../../runtime/contract/manifest.ts';
import { exec } from '../../../../runtime/host/exec.ts';
import { IMAGE, MEDIUM_ID, writeFakeMedium } from '../../../helpers/fake-medium.ts';
import { aSigner, signMedium } from '../../../helpers/signing-key.ts';
import { temporaryFolder, writeFiles } from '../../../helpers/temporary-folder.ts';

const SEQUENCES = [{ id: 'install', name: 'Install' }];
const NOW = new Date('2026-05-04T10:00:00Z');

async function inspected(
  wish: Partial<Manifest> = {},
  more: Record<string, Buffer> = {},
  change: (folder: string) => Promise<unknown> = async () => undefined,
) {
  const place = await temporaryFolder();
  await writeFakeMedium(place, SEQUENCES, wish, more);
  const folder = join(place, 'medium');
  await change(folder);
  const { signal } = new AbortController();
  const context = { cacheFolder: join(place, 'cache'), exec, emit: () => undefined, signal };
  return { folder, document: await inspectMedium(folder, context, NOW) };
}

describe('the document of a folder', () => {
  it('has what its manifest says, and null for what it does not', async () => {
    const image = {
      ...IMAGE,
      edition: 'Professional',
      version: '10.0.26100.1',
      architecture: 'x64',
      language: 'de-DE',
    };
    const wish = { bootEnvironment: 'winpe', images: [image, { ...IMAGE, name: 'plain' }] } as const;
    const { folder, document } = await inspected({ ...wish, images: [...wish.images] });
    expect(document).toEqual({
      id: MEDIUM_ID,
      label: 'MEDIUM',
      type: 'folder',
      bootEnvironments: [{ kind: 'winpe', architecture: null, signing: 'unsigned', files: [], drivers: [] }],
      operatingSystems: [
        { name: 'windows', edition: 'Professional', architecture: 'x64', version: '10.0.26100.1', language: 'de-DE' },
        { name: 'plain', edition: null, architecture: null, version: null, language: null },
      ],
      sequences: [{ id: 'install', name: 'Install', steps: null }],
      content: [
        { id: 'windows', kind: 'image', bytes: IMAGE.bytes },
        { id: 'plain', kind: 'image', bytes: IMAGE.bytes },
        { id: 'tools', kind: 'package', bytes: 100 },
      ],
      drivers: [],
      name: 'A medium',
      device: false,
      stick: null,
      builtBy: 'mediasmith',
      ...{ record: null, validity: null, preferredSequence: null, prestart: null, discs: null, disc: null },
      ...{
        sealed: false,
        prestaged: false,
        unattended: false,
        copyFirst: false,
        machines: false,
        keyboardLayout: null,
        contentFrom: null,
      },
      ...{ sources: [], firmware: [], applications: [], upgradePackages: [], variables: [] },
      signature: { state: 'absent', keyId: null, reason: null },
      sizes: {
        files: 5,
        bytes: expect.any(Number),
        parts: [
          { part: 'rest', files: 3, bytes: expect.any(Number) },
          { part: 'packages', files: 1, bytes: 9 },
          { part: 'images', files: 1, bytes: 8 },
        ],
      },
      manifestSha256: hashBytes(await readFile(join(folder, MEDIUM_PATHS.manifest))),
    });
  });

  it('has the drivers, wherever they are', async () => {
    const drivers = { infs: 2, classes: ['Net'], architectures: ['amd64'] };
    const package_ = { name: 'tools', file: 'mediasmith/content.wim', index: 1, bytes: 100 };
    const { document } = await inspected({
      packages: [package_, { ...package_, name: 'network-cards', index: 2, drivers }],
      bootDrivers: [{ name: 'storage', infs: 1, classes: ['SCSIAdapter'], architectures: ['arm64'] }],
    });
    expect(document.drivers).toEqual([
      { name: 'network-cards', in: 'content', ...drivers },
      { name: 'storage', in: 'boot environment', infs: 1, classes: ['SCSIAdapter'], architectures: ['arm64'] },
    ]);
    expect(document.bootEnvironments[0]?.drivers).toEqual(['storage']);
  });

  it('says what was asked for, and the value of no variable', async () => {
    const record = { by: 'anna', at: '2026-03-01T08:00:00Z' };
    const sources = [{ name: 'windows', file: 'install.wim', fingerprint: 'f'.repeat(64) }];
    const { document } = await inspected({
      ...{ record, sources, sealed: true, discs: 2, copyFirst: true, machines: MEDIUM_PATHS.machines },
      prestart: { command: 'ask.cmd' },
      applications: [{ name: 'Office', package: 'office', command: 'x', successCodes: [0], dependsOn: ['Fonts'] }],
      variables: [
        { name: 'Site', value: 'the-value', secret: false },
        { name: 'Pin', value: 'the-value', secret: true },
        { name: 'Owner', secret: false },
      ],
    });
    expect(document).toMatchObject({
      ...{ record, sources, sealed: true, discs: 2, copyFirst: true, machines: true },
      prestart: { command: 'ask.cmd', package: null },
      applications: [{ name: 'Office', package: 'office', dependsOn: ['Fonts'] }],
      variables: [
        { name: 'Site', asked: false, secret: false },
        { name: 'Pin', asked: false, secret: true },
        { name: 'Owner', asked: true, secret: false },
      ],
    });
    expect(JSON.stringify(document)).not.toContain('the-value');
  });

  it('says who has signed it, and whether the manifest is what was signed', async () => {
    const signer = await aSigner();
    const whole = await inspected({}, {}, (folder) => signMedium(folder, signer));
    expect(whole.document.signature).toEqual({ state: 'valid', keyId: signer.publicKey.id, reason: null });
    const other = await aSigner(2);
    const { document } = await inspected({}, {}, async (folder) => {
      await signMedium(folder, signer);
      await writeFiles(folder, { [MEDIUM_PATHS.publicKey]: other.publicKey.line });
    });
    const reason = expect.stringContaining('it was signed with another key');
    expect(document.signature).toEqual({ state: 'invalid', keyId: signer.publicKey.id, reason });
    const cut = await inspected({}, {}, (folder) => writeFiles(folder, { [MEDIUM_PATHS.manifestSignature]: 'cut' }));
    expect(cut.document.signature).toMatchObject({ state: 'invalid', keyId: null });
  });

  it('counts the steps of sequences, in groups too', async () => {
    const step = { step: 'restart-computer' };
    const steps = [step, { group: 'Group', steps: [step, { group: 'Inner', steps: [step] }] }];
    const text = JSON.stringify({ formatVersion: 2, id: 'install', name: 'Install', steps });
    const { document } = await inspected({}, {}, (folder) =>
      writeFile(join(folder, 'mediasmith/sequences/install.json'), text),
    );
    expect(document.sequences).toEqual([{ id: 'install', name: 'Install', steps: 3 }]);
  });

  it('sums up upgrade packages and what a machine starts', async () => {
    const folder = 'mediasmith/upgrade/11';
    const upgrade = { name: '11', folder, architecture: 'x64', version: '10.0', languages: ['de-DE'], editions: [] };
    const { document } = await inspected(
      { upgradePackages: [upgrade] },
      {
        [`${folder}/setup.exe`]: Buffer.alloc(1000),
        [`${folder}/sources/install.swm`]: Buffer.alloc(24),
        'mediasmith/upgrade/11b/other': Buffer.alloc(7),
        'boot/kernel': Buffer.alloc(300),
        [MEDIUM_PATHS.biosCore]: Buffer.alloc(50),
        'EFI/BOOT/BOOTX64.EFI': Buffer.alloc(3),
      },
    );
    expect(document.upgradePackages).toMatchObject([{ name: '11', bytes: 1024 }]);
    expect(document.sizes.parts).toContainEqual({ part: 'upgradePackages', files: 3, bytes: 1031 });
    expect(document.sizes.parts).toContainEqual({ part: 'bootEnvironment', files: 3, bytes: 353 });
    expect(document.firmware).toEqual(['BIOS', 'UEFI']);
  });

  it.each([
    ['the first', ['content/a'], { disc: 1 }, 1],
    ['the second', ['content/b', 'content/c'], { disc: 2 }, 2],
    ['the second, which lacks a file', ['content/b'], { disc: 2 }, 2],
    ['the second of another set', ['content/b'], { disc: 2, mediumId: '11111111-2222-4333-8444-555555555556' }, null],
    ['the second of three', ['content/b'], { disc: 2, of: 3 }, null],
    ['a disc that does not say', ['content/b'], {}, null],
    ['a folder with both', ['content/a', 'content/b', 'content/c'], { disc: 1 }, null],
  ])('of a set knows which disc it is: %s', async (_, here, label, disc) => {
    const names = { 'content/a': undefined, 'content/b': 2, 'content/c': 2 };
    const { document } = await inspected({}, {}, async (folder) => {
      const path = join(folder, MEDIUM_PATHS.manifest);
      const manifest = JSON.parse(await readFile(path, 'utf8'));
      const files = Object.entries(names).map(([name, on]) => ({
        ...{ path: name, bytes: 1, sha256: '0'.repeat(64) },
        ...(on !== undefined && { disc: on }),
      }));
      const text = JSON.stringify({ ...manifest, discs: 2, files });
      const digest = `${hashBytes(Buffer.from(text))}  manifest.json\n`;
      const there = Object.fromEntries(here.map((name) => [name, 'x']));
      const written = JSON.stringify({ formatVersion: 1, mediumId: manifest.id, of: 2, ...label });
      await writeFiles(folder, { [MEDIUM_PATHS.disc]: written });
      await writeFiles(folder, { ...there, [MEDIUM_PATHS.manifest]: text, [MEDIUM_PATHS.manifestDigest]: digest });
    });
    expect(document).toMatchObject({ discs: 2, disc });
  });

  it.each([
    [{ from: '2026-05-04T10:00:00Z' }, 'valid'],
    [{ from: '2026-05-04T10:00:01Z' }, 'not-yet'],
    [{ until: '2026-05-04T10:00:00Z' }, 'valid'],
    [{ from: '2026-01-01T00:00:00Z', until: '2026-05-04T09:59:59Z' }, 'expired'],
    [{}, 'valid'],
  ])('valid %j is %s', async (validity, now) => {
    const { document } = await inspected({ validity });
    expect(document.validity).toEqual({ from: null, until: null, ...validity, now });
  });
});
