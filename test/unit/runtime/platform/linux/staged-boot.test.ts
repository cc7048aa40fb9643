import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isStaged } from '../../../../../runtime/platform/linux/boot-options.ts';
import { removeStagedBoot, withoutEntry } from '../../../../../runtime/platform/linux/staged-boot.ts';
import { removeStagedLinux, stagedGrubConfig } from '../../../../../runtime/platform/staged-linux.ts';
import { aManifest } from '../../../../helpers/manifest.ts';
import { temporaryFolder, writeFiles } from '../../../../helpers/temporary-folder.ts';

const GUID = '8be4df61-93ca-11d2-aa0d-00e098032b8c';
const ATTRIBUTES = [7, 0, 0, 0];

/** The variables of a firmware that has started entry 0x001A, without disks. */
async function firmware(path: string) {
  const sys = await temporaryFolder();
  const folder = join(sys, 'firmware/efi/efivars');
  await mkdir(folder, { recursive: true });
  const write = (name: string, value: Uint8Array) => writeFile(join(folder, `${name}-${GUID}`), value);
  await write('BootCurrent', Buffer.from([...ATTRIBUTES, 0x1a, 0]));
  await write('BootOrder', Buffer.from([...ATTRIBUTES, 0x1a, 0, 1, 0]));
  await write('Boot001A', Buffer.concat([Buffer.from(ATTRIBUTES), Buffer.from(path, 'utf16le')]));
  await removeStagedBoot(async () => ({ exitCode: 0, stdout: '', stderr: '' }), { sys, proc: '', dev: '' });
  const order = await readFile(join(folder, `BootOrder-${GUID}`));
  return { names: (await readdir(folder)).map((name) => name.replace(`-${GUID}`, '')), order: [...order.subarray(4)] };
}

describe('the boot entry of the firmware', () => {
  it('is taken out where it is the one that Windows has made', async () => {
    const { names, order } = await firmware('\\EFI\\MEDIASMITH\\shimx64.efi');
    expect(names).toEqual(['BootCurrent', 'BootOrder']);
    expect(order).toEqual([1, 0]);
  });

  it('stays where it is another one', async () => {
    const { names, order } = await firmware('\\EFI\\Microsoft\\Boot\\bootmgfw.efi');
    expect(names).toContain('Boot001A');
    expect(order).toEqual([0x1a, 0, 1, 0]);
  });

  it('is taken out of an order by its number', () => {
    expect(withoutEntry(Buffer.from([...ATTRIBUTES, 1, 0, 2, 1, 1, 0]), 1)).toEqual(Buffer.from([...ATTRIBUTES, 2, 1]));
  });
});

it('the kernel is told', () => {
  const config = stagedGrubConfig(aManifest(), 'http://server/it%27s/a?/');
  const line = /linux \S+ (.*)/.exec(config)?.[1] ?? '';
  expect(isStaged(line)).toBe(true);
  expect(isStaged('quiet mediasmith.medium=1')).toBe(false);
  expect(line).toContain("'mediasmith.url=http://server/it%27s/a?/'");
  expect(config).toContain('initrd /EFI/Mediasmith/initrd.img /EFI/Mediasmith/initrd-network.img\n');
});

it('what others have on the partition stays', async () => {
  const root = await temporaryFolder();
  const theirs = { 'EFI/Microsoft/Boot/bootmgfw.efi': '', 'boot/other': '' };
  await writeFiles(root, {
    ...theirs,
    'EFI/Mediasmith/vmlinuz': '',
    'boot/grub/grub.cfg': stagedGrubConfig(aManifest()),
  });
  await removeStagedLinux(root);
  const left = await readdir(root, { recursive: true, withFileTypes: true });
  expect(
    left
      .filter((entry) => entry.isFile())
      .map(({ name }) => name)
      .sort(),
  ).toEqual(['bootmgfw.efi', 'other']);
  expect(await readdir(join(root, 'boot'))).toEqual(['other']);
});
