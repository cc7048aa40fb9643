import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { runBootTest } from '../../builder/boot-test/boot-test.ts';
import { bootDisk } from '../../builder/boot-test/disk-boot.ts';
import { standInText } from '../../builder/demo/stand-in-text.ts';
import { exec } from '../../runtime/host/exec.ts';
import { readBootStore } from '../helpers/e2e-bcd.ts';
import { expectTheImage, expectWrittenFiles } from '../helpers/e2e-deployed-windows.ts';
import {
  type DiskPartition,
  type DiskTable,
  readBytes,
  readTable,
  SECTOR_BYTES,
  sfdisk,
  withPartition,
} from '../helpers/e2e-disk.ts';
import { GIB, MEMORY_MIB } from '../helpers/e2e-machine.ts';
import { hashLine, listImage, readNtfsFile } from '../helpers/e2e-ntfs.ts';
import { useScratchFolder } from '../helpers/e2e-scratch.ts';
import { buildTestMedium, type TestMedium } from '../helpers/medium.ts';

const scratch = useScratchFolder();
let medium: TestMedium;

beforeAll(async () => {
  medium = await buildTestMedium(scratch('medium'));
});

describe('a disk deployed under UEFI', () => {
  let disk: string;
  let variables: string;
  let table: DiskTable;
  beforeAll(async () => {
    ({ disk, variables } = await deploy('uefi'));
    table = await readTable(disk);
  });

  it('has a sound GPT with the partitions Windows asks for', async () => {
    const { stdout } = await exec(['sgdisk', '--verify', disk]);
    expect(stdout).toContain('No problems found');
    expect(table).toMatchObject({ label: 'gpt', sectorsize: SECTOR_BYTES });
    expect(table.partitions.map(({ type, name, attrs }) => ({ type, name, attrs }))).toEqual([
      { type: 'C12A7328-F81F-11D2-BA4B-00A0C93EC93B', name: 'System' },
      { type: 'E3C9E316-0B5C-4DB8-817D-F92DF00215AE', name: 'MSR' },
      { type: 'EBD0A0A2-B9E5-4433-87C0-68B6B72699C7', name: 'Windows' },
      {
        type: 'DE94BBA4-06D1-4D40-A16A-BFD50179D6AC',
        name: 'Recovery',
        attrs: 'RequiredPartition GUID:63',
      },
    ]);
    expect(table.partitions.every(({ start }) => start % 2048 === 0)).toBe(true);
  });

  it('carries the image as it was, and nothing but what the sequence added', () =>
    expectTheImage(medium.wim, disk, partition(table, 2), scratch()));

  it('has the answer file and the log of the run', () => expectWrittenFiles(disk, partition(table, 2), scratch()));

  it('has the boot files of the image on the EFI system partition, none of them pending', async () => {
    const { start } = partition(table, 0);
    const volume = `${disk}@@${start * SECTOR_BYTES}`;
    const { stdout } = await exec(['mdir', '-/', '-b', '-i', volume, '::/']);
    const files = stdout.split('\n').map((line) => line.replace('::/', ''));
    expect(files).toEqual(
      expect.arrayContaining([
        'EFI/Boot/bootx64.efi',
        'EFI/Microsoft/Boot/bootmgfw.efi',
        'EFI/Microsoft/Boot/BCD',
        'EFI/Microsoft/Boot/Fonts/wgl4_boot.ttf',
        'EFI/Microsoft/Boot/Resources/bootres.dll',
        'EFI/Microsoft/Boot/memtest.efi',
      ]),
    );
    expect(files.filter((name) => name.includes('.pending'))).toEqual([]);
    await exec(['mcopy', '-i', volume, '::/EFI/Boot/bootx64.efi', '::/EFI/Microsoft/Boot/bootmgfw.efi', scratch()]);
    const inImage = (await listImage(medium.wim, 1)).get('/Windows/Boot/EFI/bootmgfw.efi');
    for (const name of ['bootx64.efi', 'bootmgfw.efi'])
      expect(inImage).toContain(hashLine(await readFile(scratch(name))));
  });

  it('has a boot store whose devices are the partitions of this disk', async () => {
    const volume = `${disk}@@${partition(table, 0).start * SECTOR_BYTES}`;
    await exec(['mcopy', '-i', volume, '::/EFI/Microsoft/Boot/BCD', scratch('BCD-uefi')]);
    const store = await readBootStore(scratch('BCD-uefi'));
    expect(store).toMatchObject({ path: '\\Windows\\system32\\winload.efi', systemRoot: '\\Windows' });
    const diskGuid = await readBytes(disk, SECTOR_BYTES + 56, 16);
    const guidOf = (number: number) => readBytes(disk, 2 * SECTOR_BYTES + (number - 1) * 128 + 16, 16);
    const [system, windows] = [await guidOf(1), await guidOf(3)];
    expect(deviceIds(store.bootManagerDevice)).toEqual({ partition: hex(system), style: 0, disk: hex(diskGuid) });
    expect(deviceIds(store.device)).toEqual({ partition: hex(windows), style: 0, disk: hex(diskGuid) });
    expect(store.osDevice.equals(store.device)).toBe(true);
  });

  it('starts the boot manager without the medium, with the variables it left and with fresh ones', async () => {
    await expectStart('uefi', disk, 'bootmgfw.efi', variables);
    await expectStart('uefi', disk, 'bootmgfw.efi');
  });
});

describe('a disk deployed under BIOS', () => {
  let disk: string;
  let table: DiskTable;
  beforeAll(async () => {
    ({ disk } = await deploy('bios'));
    table = await readTable(disk);
  });

  it('has a sound MBR with an active system partition', async () => {
    expect((await sfdisk('--verify', disk)).stdout).toContain('No errors detected');
    expect(table).toMatchObject({ label: 'dos', sectorsize: SECTOR_BYTES });
    expect(table.partitions.map(({ type, bootable = false }) => ({ type, bootable }))).toEqual([
      { type: '7', bootable: true },
      { type: '7', bootable: false },
      { type: '27', bootable: false },
    ]);
  });

  it('carries the image as it was, and nothing but what the sequence added', () =>
    expectTheImage(medium.wim, disk, partition(table, 1), scratch()));

  it('has the answer file and the log of the run', () => expectWrittenFiles(disk, partition(table, 1), scratch()));

  it('has a boot store whose devices are the partitions of this disk', async () => {
    const store = await withPartition(disk, partition(table, 0), async (device) => {
      await readNtfsFile(device, 'Boot/BCD', scratch('BCD-bios'));
      return readBootStore(scratch('BCD-bios'));
    });
    expect(store).toMatchObject({ path: '\\Windows\\system32\\winload.exe', systemRoot: '\\Windows' });
    const signature = hex(await readBytes(disk, 440, 4)).padEnd(32, '0');
    const offset = (number: number) => {
      const bytes = Buffer.alloc(16);
      bytes.writeBigUInt64LE(BigInt(partition(table, number - 1).start * SECTOR_BYTES));
      return hex(bytes);
    };
    expect(deviceIds(store.bootManagerDevice)).toEqual({ partition: offset(1), style: 1, disk: signature });
    expect(deviceIds(store.device)).toEqual({ partition: offset(2), style: 1, disk: signature });
    expect(store.osDevice.equals(store.device)).toBe(true);
  });

  it('has the boot files of the image on the system partition', async () => {
    const image = await listImage(medium.wim, 1);
    await withPartition(disk, partition(table, 0), async (device) => {
      for (const [place, name] of [
        ['bootmgr', 'bootmgr'],
        ['BOOTNXT', 'bootnxt'],
        ['Boot/memtest.exe', 'memtest.exe'],
      ]) {
        const file = await readNtfsFile(device, place ?? '', scratch('boot-file'));
        expect(image.get(`/Windows/Boot/PCAT/${name}`), place).toContain(hashLine(file));
      }
    });
  });

  it('starts the boot manager without the medium', () => expectStart('bios', disk, 'bootmgr'));
});

async function deploy(firmware: 'uefi' | 'bios') {
  const result = await runBootTest({
    ...{ medium: medium.iso, firmware, as: 'cdrom' as const, memoryMiB: MEMORY_MIB, diskBytes: 4 * GIB },
    ...{ folder: scratch(firmware), keepDisk: true },
  });
  expect(result.failure, result.lastLines.join('\n')).toBeUndefined();
  return result;
}

async function expectStart(
  firmware: 'uefi' | 'bios',
  disk: string,
  loader: 'bootmgfw.efi' | 'bootmgr',
  earlierVariables?: string,
): Promise<void> {
  const result = await bootDisk({
    ...{ disk, firmware, seconds: 120, folder: scratch('start'), memoryMiB: MEMORY_MIB },
    expectLine: new RegExp(RegExp.escape(standInText(loader))),
    ...(earlierVariables !== undefined && { earlierVariables }),
  });
  expect(result.failure, result.lastLines.join('\n')).toBeUndefined();
  expect(result.line).toContain(standInText(loader));
}

function partition(table: DiskTable, index: number): DiskPartition {
  const found = table.partitions[index];
  if (found === undefined) throw new Error(`the table has no entry ${index}`);
  return found;
}

/** The fields of a device element that say which partition is meant (layout: reference of the boot configuration). */
function deviceIds(element: Buffer): { partition: string; style: number; disk: string } {
  expect(element).toHaveLength(88);
  return {
    partition: hex(element.subarray(0x20, 0x30)),
    style: element.readUInt32LE(0x34),
    disk: hex(element.subarray(0x38, 0x48)),
  };
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
