import { createHash, randomBytes } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exec } from '../../runtime/host/exec.ts';
import { followGuide, guideBlocks } from '../helpers/guide.ts';
import { deviceOf, sticksOnPath, VOLUME } from '../helpers/guide-sticks.ts';
import { type MicrosoftMedia, makeMicrosoftMedia } from '../helpers/microsoft-media.ts';
import { ROOT } from '../helpers/sources.ts';
import { temporaryFolder, writeFiles } from '../helpers/temporary-folder.ts';

const DRIVER = join(ROOT, 'templates/examples/demo/drivers/stand-in');

let folder: string;
let windows: MicrosoftMedia;
/** What the guides say their reader has. */
let given: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mediasmith-guides-'));
  windows = makeMicrosoftMedia(join(folder, 'made'));
  given = join(folder, 'given');
  await mkdir(join(folder, 'made'));
  await mkdir(given);
  await cp(await windows.udfFile(), join(given, 'Win11.iso'));
  await cp(await windows.bootWim(), join(given, 'boot.wim'));
  await cp(await windows.installWim(), join(given, 'install.wim'));
  await cp(DRIVER, join(given, 'storage-driver'), { recursive: true });
  await writeFiles(given, { 'tool.exe': 'MZ', wimboot: 'wimboot', 'undionly.kpxe': 'iPXE', 'ipxe.efi': 'iPXE' });
  const adk = await windows.adkFolder();
  const installed = join(given, 'adk');
  const copies = [
    [join(adk, 'amd64'), join(installed, 'Windows Preinstallation Environment/amd64')],
    [join(adk, 'Oscdimg'), join(installed, 'Deployment Tools/amd64/Oscdimg')],
  ] as const;
  for (const [from, to] of copies) await cp(from, to, { recursive: true });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('what a guide says', () => {
  // Loop devices need root.
  it.skipIf(process.getuid?.() !== 0)('about a Windows ISO, and about the stick, is so', async () => {
    const checkout = await temporaryFolder();
    const { sticks, path } = await sticksOnPath(1);
    const places = { '/path/to/': `${given}/`, '/dev/sdX': deviceOf(sticks) };
    await followGuide(['winpe-from-a-windows-iso.md', 'winpe-media.md'], checkout, places, { path });
    expect(await readdir(join(checkout, 'office-pcs'))).toContain('office-pcs.iso');
    const { stdout } = await exec(['mdir', '-/', '-b', '-i', `${deviceOf(sticks)}${VOLUME}`, '::']);
    const files = stdout.toLowerCase().split('\n');
    expect(files).toEqual(
      expect.arrayContaining(['::/efi/boot/bootx64.efi', '::/sources/boot.wim', '::/mediasmith/manifest.json']),
    );
  });

  it('about the ADK is so', async () => {
    const checkout = await temporaryFolder();
    await followGuide(['winpe-from-the-adk.md'], checkout, { '/path/to/': `${given}/` });
    expect(await readdir(join(checkout, 'office-pcs'))).toEqual(
      expect.arrayContaining(['office-pcs-2011.iso', 'office-pcs-2023.iso']),
    );
  });

  it('about a boot.wim of your own is so', async () => {
    const checkout = await temporaryFolder();
    await followGuide(['winpe-from-your-boot-wim.md'], checkout, { '/path/to/': `${given}/` });
    expect((await stat(join(checkout, 'office-pcs/office-pcs.iso'))).size).toBeGreaterThan(30_000_000);
  });

  it('about starting from the network is so', async () => {
    const checkout = await temporaryFolder();
    const [server, settings] = [join(checkout, 'srv/'), join(checkout, 'etc/')];
    for (const path of [server, join(settings, 'dnsmasq.d'), join(settings, 'nginx/conf.d')])
      await mkdir(path, { recursive: true });
    await followGuide(['pxe.md'], checkout, {
      ...{ '/path/to/': `${given}/`, '/usr/lib/ipxe/': `${given}/`, '/srv/': server, '/etc/': settings },
      [NO_HASH]: createHash('sha256').update('wimboot').digest('hex'),
    });
    expect(await readdir(join(server, 'mediasmith'))).toEqual(
      expect.arrayContaining(['shimx64.efi', 'boot', 'mediasmith', 'README.txt']),
    );
    expect(await readdir(join(checkout, 'office-winpe/tree/boot/pxe'))).toEqual([
      ...['ipxe.efi', 'undionly.kpxe', 'wimboot'],
    ]);
    const left = await exec(['grep', '-rnE', '^[^#]*(FOLDER|NETWORK|SERVER)', settings], { successCodes: [1] });
    expect(left.stdout).toBe('');
  });
});

it('what the guide says about bootable media is so', async () => {
  const checkout = await temporaryFolder();
  const server = join(checkout, 'srv/');
  await mkdir(server);
  await cp(join(ROOT, 'templates/examples/winpe/install.yaml'), join(checkout, 'office-pcs/install.yaml'));
  await cp(join(given, 'install.wim'), join(checkout, 'office-pcs/install.wim'));
  await writeFiles(checkout, {
    'office-pcs/media.yaml': [
      ...['formatVersion: 1', 'name: Office PCs', 'sequences: [install.yaml]', 'outputs: [{ pxe: tree }]'],
      ...['images: [{ name: windows, source: install.wim, image: Windows 11 Pro }]', ''],
    ].join('\n'),
  });
  await followGuide(['bootable-media.md'], checkout, { '/srv/': server });
  expect(await readdir(join(checkout, 'boot-stick'))).toEqual(['boot-stick.img', 'boot-stick.iso', 'media.yaml']);
  expect((await stat(join(checkout, 'boot-stick/boot-stick.iso'))).size).toBeLessThan(100_000_000);
});

it('what the guide says about discs is so', async () => {
  const checkout = await temporaryFolder();
  const drivers = join(await temporaryFolder(), 'drivers');
  await cp(DRIVER, drivers, { recursive: true });
  await writeFile(join(drivers, 'large.bin'), randomBytes(110_000_000));
  await followGuide(['discs.md'], checkout, {
    ...{ '/path/to/storage-driver': drivers, '/path/to/': `${given}/`, '4.7 GB': '150 MB' },
  });
  expect((await readdir(join(checkout, 'branch-office'))).filter((name) => name.endsWith('.iso'))).toEqual([
    ...['branch-office-1.iso', 'branch-office-2.iso'],
  ]);
});

it('a guide is read as its reader reads it', () => {
  const text = 'In the checkout:\n\n```sh\na\n```\n\n```yaml\n# media.yaml\nb: 1\n```\n\n```\nprinted\n```\n';
  expect(guideBlocks(text)).toEqual([
    { kind: 'commands', name: '', text: 'a\n', inCheckout: true },
    { kind: 'file', name: 'media.yaml', text: '# media.yaml\nb: 1\n', inCheckout: false },
  ]);
});

/** What the guide has in the place of the hash of its reader's wimboot. */
const NO_HASH = '0'.repeat(64);
