import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Manifest } from '../../runtime/contract/manifest.ts';
import { exec } from '../../runtime/host/exec.ts';
import { cli } from '../helpers/cli.ts';
import { temporaryFolder, writeFiles } from '../helpers/temporary-folder.ts';

const SHARE = { share: '//server/images/office', user: 'CORP\\ann' };

/** Builds an ISO and a stick image, and reads from the ISO. */
async function build(contentFrom: object) {
  const folder = await mkdtemp(join(tmpdir(), 'mediasmith-bootable-'));
  const outputs = [{ iso: 'boot.iso' }, { usb: 'boot.img' }];
  const project = { formatVersion: 1, name: 'Boot', unattended: false, contentFrom, outputs };
  await writeFiles(folder, { 'media.yaml': JSON.stringify(project) });
  const { exitCode, stderr } = await cli(['build', join(folder, 'media.yaml')]);
  expect(exitCode, stderr).toBe(0);
  const iso = join(folder, 'boot.iso');
  const read = async (path: string) =>
    (await exec(['xorriso', '-osirrox', 'on', '-indev', iso, '-concat', 'append', '-', `/${path}`, '--'])).stdout;
  return { folder, iso, manifest: Manifest.parse(JSON.parse(await read('mediasmith/manifest.json'))), read };
}

describe('a bootable medium', () => {
  let onShare: Awaited<ReturnType<typeof build>>;
  let onVolume: Awaited<ReturnType<typeof build>>;
  beforeAll(async () => {
    onShare = await build(SHARE);
    onVolume = await build({ folder: 'DATA:/office' });
  });
  afterAll(() => Promise.all([onShare, onVolume].map(({ folder }) => rm(folder, { recursive: true }))));

  it('names where its content is, in the manifest alone, and has none', async () => {
    const { manifest, read } = onShare;
    expect(manifest).toMatchObject({ contentFrom: SHARE, sequences: [], images: [], packages: [] });
    const menu = await read('boot/grub/grub.cfg');
    expect(menu.match(/^menuentry .*/gm)).toEqual(["menuentry 'Choose a task sequence' {"]);
    expect(menu).toContain(`mediasmith.medium=${manifest.id} mediasmith.network\n`);
    expect(menu).not.toContain('server');
  });

  it('brings drivers of network cards where it needs them', async () => {
    const network = 'boot/initrd-network.img';
    expect(onShare.manifest.files.map(({ path }) => path)).toContain(network);
    expect(await onShare.read('boot/grub/grub.cfg')).toContain(`initrd /boot/initrd.img /${network}\n`);
    expect(onVolume.manifest.files.map(({ path }) => path)).not.toContain(network);
    expect(await onVolume.read('boot/grub/grub.cfg')).not.toContain('network');
    expect((await stat(onShare.iso)).size).toBeLessThan(100_000_000);
  });

  it('is whole for verify, as an ISO and as a stick', async () => {
    for (const name of ['boot.iso', 'boot.img']) {
      const { exitCode, stdout } = await cli(['verify', join(onShare.folder, name), '--json']);
      expect([exitCode, JSON.parse(stdout)]).toMatchObject([0, { passed: true, bad: [] }]);
    }
  });

  it('says to inspect where its content is', async () => {
    const { stdout } = await cli(['inspect', onShare.iso, '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ contentFrom: '\\\\server\\images\\office', sequences: [] });
  });

  it('has an id of its own for each place', () => {
    expect(onShare.manifest.id).not.toBe(onVolume.manifest.id);
  });
});

it('says before it is built where the content comes from', async () => {
  const folder = await temporaryFolder();
  const project = { formatVersion: 1, name: 'Boot', contentFrom: SHARE, outputs: [{ iso: 'boot.iso' }] };
  await writeFiles(folder, { 'media.yaml': JSON.stringify(project) });
  const { stdout } = await cli(['build', join(folder, 'media.yaml'), '--dry-run']);
  expect(stdout.replace(/\s+/g, ' ')).toContain('sequences and content come from \\\\server\\images\\office');
});
