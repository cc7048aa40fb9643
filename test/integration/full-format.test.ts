import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { exec } from '../../runtime/host/exec.ts';
import { formatArgv, partitionArgv, sfdiskScript } from '../../runtime/platform/linux/partition.ts';
import type { TargetVolume } from '../../runtime/platform/platform.ts';
import { layoutDisk } from '../../runtime/steps/format-and-partition-disk/layout.ts';
import { VolumeWish } from '../../runtime/steps/format-and-partition-disk/schema.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const MIB = 1024 ** 2;
const BYTES = 64 * MIB;
const SECTOR = 512;
const GUID = '0BADCAFE-0000-4000-8000-000000000000';

async function bytesAt(file: string, offset: number, length: number): Promise<Buffer> {
  await using handle = await open(file);
  return (await handle.read(Buffer.alloc(length), 0, length, offset)).buffer;
}

/** A file full of what was there before. */
async function aDevice(): Promise<string> {
  const file = join(await temporaryFolder(), 'device');
  await writeFile(file, Buffer.alloc(BYTES, 0xff));
  return file;
}

it.each([
  ['a full format of NTFS writes every block, which a quick one does not', 'ntfs', true],
  ['a full format of FAT32 reads every block, and keeps what is in it', 'fat32', false],
] as const)('%s', async (_, fileSystem, writesIt) => {
  for (const [fullFormat, written] of [
    [true, writesIt],
    [false, false],
  ]) {
    const device = await aDevice();
    const volume: TargetVolume = {
      ...{ name: 'Data', role: 'primary' as const, number: 1, startBytes: MIB, bytes: BYTES, fileSystem, device },
      ...(fullFormat && { fullFormat }),
    };
    const argv = formatArgv(volume, SECTOR);
    if (argv !== undefined) await exec(argv);
    expect((await bytesAt(device, 0, 16)).toString('latin1')).toMatch(fileSystem === 'ntfs' ? /NTFS/ : /mkfs\.fat/);
    const inTheMiddle = await bytesAt(device, 44 * MIB, MIB);
    expect(inTheMiddle.every((byte) => byte === (written ? 0 : 0xff))).toBe(true);
  }
});

it('a GPT partition without a drive letter has the attribute that Windows looks for', async () => {
  const volumes = [
    { type: 'primary', name: 'Tools', size: '20 MB', assignVolumeLetter: false },
    { type: 'primary', name: 'Windows', size: 'rest' },
  ].map((wish) => VolumeWish.parse(wish));
  const device = await aDevice();
  const table = layoutDisk({ style: 'gpt', volumes }, BYTES, () => GUID.replace('0000', '0001'));
  const input = sfdiskScript(
    {
      ...table,
      partitions: table.partitions.map((partition, index) => ({ ...partition, guid: `${index}${GUID.slice(1)}` })),
    },
    SECTOR,
  );
  await exec(partitionArgv(device), { input });
  const entries = await bytesAt(device, 2 * SECTOR, 256);
  // UEFI specification, "GPT Partition Entry": the attributes are at 48 of each 128 bytes.
  expect([0, 128].map((entry) => entries.readBigUInt64LE(entry + 48))).toEqual([1n << 63n, 0n]);
});
