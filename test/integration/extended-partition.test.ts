import { execFileSync } from 'node:child_process';
import { mkdir, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, it, onTestFinished } from 'vitest';
import { prepareLinuxBootEnvironment } from '../../builder/boot/linux/prepare.ts';
import { cacheFolder } from '../../builder/cache-folder.ts';
import { unpackedProgram } from '../../builder/tools/unpacked-program.ts';
import { MediasmithError } from '../../runtime/contract/errors.ts';
import { type Argv, type Exec, exec } from '../../runtime/host/exec.ts';
import { wipeEnds } from '../../runtime/platform/claim.ts';
import { parseTable } from '../../runtime/platform/linux/installed-windows.ts';
import { partitionDisk, sfdiskScript } from '../../runtime/platform/linux/partition.ts';
import { recoverTarget } from '../../runtime/platform/linux/state.ts';
import { linuxNumbers, mbrType, type PartitionTable, windowsNumbers } from '../../runtime/platform/partition-table.ts';
import type { TargetDisk } from '../../runtime/platform/platform.ts';
import { layoutOfImage } from '../../runtime/platform/winpe/layout-of-image.ts';
import { layoutDisk } from '../../runtime/steps/format-and-partition-disk/layout.ts';
import { VolumeWish } from '../../runtime/steps/format-and-partition-disk/schema.ts';
import { aDisk } from '../helpers/machine.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const GIB = 1024 ** 3;
const DISK_BYTES = 2 * GIB;
const CLAIM = 'c0ffee00-0000-4000-8000-000000000000';
const WISHES = [
  { type: 'primary', name: 'System', size: '100 MB', bootable: true },
  { type: 'extended', size: 'rest' },
  { type: 'logical', name: 'Windows', size: '60%' },
  { type: 'logical', name: 'Exchange', size: '300 MB', fileSystem: 'fat32' },
  { type: 'logical', name: 'Data', size: 'rest' },
  { type: 'hidden', name: 'Tools', size: '50 MB' },
  { type: 'recovery', name: 'Recovery', size: '200 MB' },
].map((wish) => VolumeWish.parse(wish));

let sfdisk: Argv;
beforeAll(async () => {
  const { root } = await prepareLinuxBootEnvironment({ cacheFolder: cacheFolder(), exec, emit: () => {} });
  sfdisk = unpackedProgram(root, 'usr/sbin/sfdisk', 'sfdisk');
});

function tableFor(volumes: readonly VolumeWish[], bytes: number): PartitionTable {
  return layoutDisk({ style: 'mbr', volumes }, bytes, () => '0BADCAFE-0000-4000-8000-000000000000');
}

type Row = { node: string; start: number; size: number; type: string };

async function readTable(
  device: string,
): Promise<{ number: number; startBytes: number; bytes: number; type: string }[]> {
  const { partitiontable: table } = JSON.parse((await exec([...sfdisk, '--json', device])).stdout);
  const { sectorsize: sector = 512, partitions } = table as { sectorsize?: number; partitions: Row[] };
  return partitions.map(({ node, start, size, type }) => ({
    number: Number(/\d+$/.exec(node)?.[0]),
    startBytes: start * sector,
    bytes: size * sector,
    type: type.padStart(2, '0'),
  }));
}

/** What a table ought to be read as, in the order of its numbers. */
function expectedRows(table: PartitionTable): Awaited<ReturnType<typeof readTable>> {
  const numbers = linuxNumbers(table);
  const rows = table.partitions.map((partition, index) => {
    const { startBytes, bytes } = partition;
    return { number: numbers[index] ?? 0, startBytes, bytes, type: mbrType(partition) };
  });
  const free = [1, 2, 3, 4].find((number) => !numbers.includes(number)) ?? 0;
  return [...rows, ...(table.extended ? [{ number: free, ...table.extended, type: '0f' }] : [])].sort(
    (a, b) => a.number - b.number,
  );
}

/** A disk with the nodes of its partitions, which are loop devices. */
async function aMachine(): Promise<{ run: Exec; device: string; roots: { sys: string; proc: string; dev: string } }> {
  const folder = await temporaryFolder();
  const roots = { sys: join(folder, 'sys'), proc: join(folder, 'proc'), dev: join(folder, 'dev') };
  for (const root of [join(roots.sys, 'block/sda'), join(roots.sys, 'class/block'), roots.proc, roots.dev])
    await mkdir(root, { recursive: true });
  await writeFile(join(roots.proc, 'mounts'), '');
  await writeFile(join(roots.sys, 'block/sda/size'), String(DISK_BYTES / 512));
  const device = join(roots.dev, 'sda');
  await writeFile(device, '');
  await truncate(device, DISK_BYTES);
  const loops: string[] = [];
  onTestFinished(() => {
    for (const loop of loops) execFileSync('losetup', ['-d', loop]);
  });
  const run: Exec = async (argv, options) => {
    if (argv[0] !== 'sfdisk') return exec(argv, options);
    const result = await exec([...sfdisk, ...argv.slice(1)], options);
    for (const { number, startBytes, bytes, type } of await readTable(device)) {
      // Of an extended partition the kernel shows its first sectors.
      const place = ['--offset', String(startBytes), '--sizelimit', String(type === '0f' ? 1024 : bytes)];
      const loop = execFileSync('losetup', ['--find', '--show', ...place, device], { encoding: 'utf8' }).trim();
      loops.push(loop);
      const name = `sda${number}`;
      await symlink(loop, join(roots.dev, name));
      await mkdir(join(roots.sys, 'block/sda', name));
      for (const [attribute, value] of Object.entries({
        partition: number,
        start: startBytes / 512,
        size: bytes / 512,
      }))
        await writeFile(join(roots.sys, 'block/sda', name, attribute), `${value}\n`);
      await symlink(join(roots.sys, 'block/sda', name), join(roots.sys, 'class/block', name));
    }
    return result;
  };
  return { run, device, roots };
}

async function aPartitionedMachine() {
  const machine = await aMachine();
  const { run, device, roots } = machine;
  const table = tableFor(WISHES, DISK_BYTES);
  const disk = aDisk({ device, bytes: DISK_BYTES, sectorBytes: 512 });
  return { ...machine, table, target: await partitionDisk(run, roots, disk, table, CLAIM, {}) };
}

it('logical and hidden volumes are on the disk where they were planned, each with its file system', async () => {
  const { device, table, target } = await aPartitionedMachine();
  expect(target.volumes.map(({ number, name, role, device: node }) => [number, name, role, node])).toEqual([
    [1, 'System', 'system', `${device}1`],
    [5, 'Windows', 'primary', `${device}5`],
    [6, 'Exchange', 'primary', `${device}6`],
    [7, 'Data', 'primary', `${device}7`],
    [3, 'Tools', 'hidden', `${device}3`],
    [4, 'Recovery', 'recovery', `${device}4`],
  ]);
  expect(await readTable(device)).toEqual(expectedRows(table));
  expect((await readTable(device)).map(({ number, type }) => `${number} ${type}`)).toEqual([
    ...['1 07', '2 0f', '3 17', '4 27', '5 07', '6 0c', '7 07'],
  ]);
  expect((await exec([...sfdisk, '--verify', device])).stdout).toContain('No errors detected');
  for (const { name, device: node, fileSystem } of target.volumes) {
    if (fileSystem === 'ntfs') expect(execFileSync('ntfsinfo', ['-m', node], { encoding: 'utf8' })).toContain(name);
    else execFileSync('fsck.fat', ['-n', node]);
  }
  // Formatting has hit no record: the chain is read here without sfdisk, and numbered as Windows does it.
  const numbers = windowsNumbers(table);
  expect(layoutOfImage(device)).toEqual({
    style: 'mbr',
    identity: '0badcafe',
    partitions: table.partitions
      .map(({ startBytes, bytes }, index) => ({ number: numbers[index], startBytes, bytes }))
      .sort((a, b) => (a.number ?? 0) - (b.number ?? 0)),
  });
});

it('another reader sees the same, and nothing active', async () => {
  const { device, table } = await aPartitionedMachine();
  const { stdout } = await exec(['fdisk', '--list', '--output', 'Device,Boot,Start,Sectors,Id', device]);
  const rows = stdout.split('\n').filter((line) => line.startsWith(device));
  expect(rows.map((row) => row.slice(device.length).trim().split(/\s+/)).sort()).toEqual(
    expectedRows(table).map(({ number, startBytes, bytes, type }) =>
      [number, startBytes / 512, bytes / 512, type.replace(/^0/, '')].map(String),
    ),
  );
});

it('a target that comes back from Windows has the numbers of Linux again, and its volumes are found on the disk', async () => {
  const { device, roots, table, target } = await aPartitionedMachine();
  const numbers = windowsNumbers(table);
  const volumes = target.volumes.map((volume, index) => ({ ...volume, number: numbers[index] ?? 0, device: 'E:\\' }));
  const [, windows] = volumes;
  const before: TargetDisk = { ...target, device: 'gone', volumes, ...(windows && { windows }) };
  const { windows: now, ...recovered } = await recoverTarget(roots, before);
  expect(recovered).toEqual(target);
  expect(now).toEqual(target.volumes[1]);
  const found = parseTable((await exec([...sfdisk, '--json', device])).stdout, device);
  const shown = ({ volumes: all }: TargetDisk) =>
    all.map(({ number, startBytes, bytes, device: node }) => [number, startBytes, bytes, node]).sort();
  expect(found && shown(found)).toEqual(shown(target));
});

it('sfdisk makes of any layout the table that was planned', async () => {
  const random = numbers(20261206);
  const upTo = (most: number): number => 1 + Math.floor(random() * most);
  const device = join(await temporaryFolder(), 'disk');
  await writeFile(device, '');
  let made = 0;
  for (let round = 0; round < 20; round++) {
    const bytes = upTo(200) * GIB + upTo(4) * 512;
    const size = (): string => (random() < 0.5 ? `${upTo(3000)} MB` : `${upTo(40)}%`);
    const many = (count: number, type: () => string) =>
      Array.from({ length: count }, (_, index) => ({ type: type(), size: size(), name: `${index} of ${random()}` }));
    const outer = many(Math.floor(random() * 4), () => (random() < 0.3 ? 'hidden' : 'primary'));
    const at = Math.floor(random() * (outer.length + 1));
    const inside = [{ type: 'extended', size: size() }, ...many(Math.floor(random() * 8), () => 'logical')];
    const wishes = [...outer.slice(0, at), ...inside, ...outer.slice(at)].map((wish) => VolumeWish.parse(wish));
    let table: PartitionTable;
    try {
      table = tableFor(wishes, bytes);
    } catch (error) {
      if (!(error instanceof MediasmithError)) throw error;
      continue;
    }
    // What the round before has left inside the disk stays there, as on a disk that is laid out anew.
    await truncate(device, bytes);
    await wipeEnds(device, bytes);
    const wiping = ['--wipe', 'always', '--wipe-partitions', 'always'];
    await exec([...sfdisk, '--quiet', ...wiping, device], { input: sfdiskScript(table, 512) });
    expect(await readTable(device), JSON.stringify(wishes)).toEqual(expectedRows(table));
    expect((await exec([...sfdisk, '--verify', device])).stdout).toContain('No errors detected');
    made++;
  }
  expect(made).toBeGreaterThan(5);
});

it('sfdisk makes it on a disk with sectors of 4096 bytes', async () => {
  const device = join(await temporaryFolder(), 'disk');
  await writeFile(device, '');
  await truncate(device, DISK_BYTES);
  const argv = ['--find', '--show', '--sector-size', '4096', device];
  const loop = execFileSync('losetup', argv, { encoding: 'utf8' }).trim();
  onTestFinished(() => void execFileSync('losetup', ['-d', loop]));
  const table = tableFor(WISHES, DISK_BYTES);
  // A loop device has no partitions that the kernel could be told of.
  const quiet = ['--quiet', '--no-reread', '--no-tell-kernel', '--wipe', 'always'];
  await exec([...sfdisk, ...quiet, loop], { input: sfdiskScript(table, 4096) });
  expect(await readTable(loop)).toEqual(expectedRows(table));
});

/** Numbers from 0 to 1 that are the same in every run. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
