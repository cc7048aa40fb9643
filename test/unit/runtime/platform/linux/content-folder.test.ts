import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createDisk } from '../../../../../builder/boot-test/disk.ts';
import { exec } from '../../../../../runtime/host/exec.ts';
import { mountContentFolder } from '../../../../../runtime/platform/linux/content-folder.ts';
import { volumeLabel } from '../../../../../runtime/platform/linux/volume-label.ts';
import { kernelTree } from '../../../../helpers/kernel-tree.ts';
import { folderMounts } from '../../../../helpers/mounts.ts';
import { temporaryFolder, writeFiles } from '../../../../helpers/temporary-folder.ts';

const MIB = 1024 ** 2;
const FOLDER = { kind: 'folder', label: 'data', path: 'Media/office' } as const;

async function volume(name: string, ...argv: readonly string[]): Promise<string> {
  const file = join(await temporaryFolder(), name);
  await createDisk(file, 40 * MIB);
  const [program = '', ...words] = argv;
  await exec([program, ...words, file]);
  return file;
}

describe('volumeLabel', () => {
  it.each([
    ['fat32', ['mkfs.fat', '-F', '32', '-s', '1', '-n', 'DATA'], 'DATA'],
    ['exfat', ['mkfs.exfat', '-L', 'My data'], 'My data'],
    ['ntfs', ['mkntfs', '-q', '-F', '-f', '-L', 'Daten für alle Rechner im Haus'], 'Daten für alle Rechner im Haus'],
    ['ntfs', ['mkntfs', '-q', '-F', '-f'], ''],
  ] as const)('reads that of %s made by %j', async (fileSystem, argv, label) => {
    expect(await volumeLabel(await volume('volume', ...argv))).toEqual({ fileSystem, label });
  });

  it('reads that of a disc', async () => {
    const folder = await temporaryFolder();
    await exec(['xorriso', '-as', 'mkisofs', '-quiet', '-V', 'DATA_DISC', '-o', join(folder, 'd.iso'), folder]);
    expect(await volumeLabel(join(folder, 'd.iso'))).toEqual({ fileSystem: 'iso9660', label: 'DATA_DISC' });
  });

  it('takes that of the root folder, which Windows alone changes', async () => {
    const file = await volume('fat', 'mkfs.fat', '-F', '32', '-s', '1', '-n', 'BEFORE');
    await exec(['mlabel', '-i', file, '::AFTER']);
    expect(await volumeLabel(file)).toMatchObject({ label: 'AFTER' });
  });

  it('is undefined for anything else', async () => {
    const folder = await temporaryFolder();
    await writeFiles(folder, { empty: '', cut: Buffer.from(`xxxNTFS    ${'x'.repeat(40)}`) });
    for (const name of ['empty', 'cut', 'absent']) expect(await volumeLabel(join(folder, name))).toBeUndefined();
  });
});

describe('mountContentFolder', () => {
  async function machine(manifest: string | undefined) {
    const disks = ['sda', 'sdb'].map((name) => ({ name, place: `pci0/${name}`, attributes: {}, partitions: [1] }));
    const { sys, dev } = await kernelTree(disks);
    const data = await volume('fat', 'mkfs.fat', '-F', '32', '-s', '1', '-n', 'DATA');
    const folder = await temporaryFolder();
    for (const name of ['sda1', 'sdb1']) await copyFile(data, join(dev, name));
    await writeFiles(join(folder, 'sda1'), { other: '' });
    await writeFiles(join(folder, 'sdb1'), { ...(manifest !== undefined && { [manifest]: ID_TEXT }), other: '' });
    const lines: string[] = [];
    const mounts = { [join(dev, 'sda1')]: join(folder, 'sda1'), [join(dev, 'sdb1')]: join(folder, 'sdb1') };
    return { sys, dev, lines, search: { sys, dev, exec: folderMounts(mounts, lines), patienceSeconds: 0 } };
  }
  const ID_TEXT = '{ "id": "3b241101-e2bb-4255-8caf-4136c566a962" }';

  it('finds the folder whatever its case, on the volume that has the medium, and names the whole disk', async () => {
    const { dev, search, lines } = await machine('media/Office/mediasmith/manifest.json');
    const { root, ...rest } = await mountContentFolder(FOLDER, search);
    expect(rest).toEqual({ device: join(dev, 'sdb1'), disk: 'sdb', launchMode: 'UFD' });
    expect(root).toMatch(/\/media\/Office$/);
    expect(lines.filter((line) => line.startsWith('umount'))).toHaveLength(1);
    for (const line of lines.filter((one) => one.startsWith('mount'))) expect(line).toContain(' ro,');
  });

  it('leaves nothing mounted where there is none, and names what it has seen', async () => {
    const { dev, search, lines } = await machine(undefined);
    await expect(mountContentFolder(FOLDER, search)).rejects.toMatchObject({
      code: 'MEDIUM_NOT_FOUND',
      where: 'data:/Media/office',
      lines: [`${dev}/sda1: DATA`, `${dev}/sdb1: DATA`],
    });
    expect(lines.filter((line) => line.startsWith('umount'))).toHaveLength(2);
  });
});
