import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, open, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { prepareLinuxBootEnvironment } from '../../builder/boot/linux/prepare.ts';
import { cacheFolder } from '../../builder/cache-folder.ts';
import { unpackedProgram } from '../../builder/tools/unpacked-program.ts';
import { type Argv, type Exec, exec } from '../../runtime/host/exec.ts';
import { partitionsOf } from '../../runtime/platform/linux/block-devices.ts';
import { partitionAround } from '../../runtime/platform/linux/partition-around.ts';
import type { MediumPartition, PrestagedMedium } from '../../runtime/platform/linux/prestaged-medium.ts';
import { removeMedium } from '../../runtime/platform/linux/remove-medium.ts';
import type { PartitionTask, TargetDisk } from '../../runtime/platform/platform.ts';
import { layoutDisk } from '../../runtime/steps/format-and-partition-disk/layout.ts';
import type { VolumeWish } from '../../runtime/steps/format-and-partition-disk/schema.ts';
import { aDisk } from '../helpers/machine.ts';

const MIB = 1024 ** 2;
const DISK_BYTES = 1024 * MIB;
const SECTOR = 512;
/** The image of a medium with two volumes: where they lie, how large they are. */
const DATA = { startBytes: MIB, bytes: 81 * MIB };
const BOOT = { startBytes: 82 * MIB, bytes: 40 * MIB };

/** The table of the factory's image, on a disk that is larger, with code of GRUB's in sector 0. */
const IMAGE_TABLE = `label: gpt
unit: sectors
start=${DATA.startBytes / SECTOR}, size=${DATA.bytes / SECTOR}, type=EBD0A0A2-B9E5-4433-87C0-68B6B72699C7
start=${BOOT.startBytes / SECTOR}, size=${BOOT.bytes / SECTOR}, type=C12A7328-F81F-11D2-BA4B-00A0C93EC93B
`;

let folder: string;
let loops: string[] = [];
const content = { data: randomBytes(8 * MIB), boot: randomBytes(4 * MIB) };

beforeAll(async () => {
  await sfdisk();
  folder = await mkdtemp(join(tmpdir(), 'mediasmith-prestaged-'));
});
afterAll(async () => {
  await detachAll();
  await rm(folder, { recursive: true, force: true });
});

const roots = () => ({ sys: join(folder, 'sys'), proc: join(folder, 'proc'), dev: join(folder, 'dev') });
const device = () => join(folder, 'dev/sda');
const mountPoint = () => join(folder, 'medium');

beforeEach(async () => {
  await detachAll();
  for (const name of ['sys', 'proc', 'dev', 'medium']) await rm(join(folder, name), { recursive: true, force: true });
  for (const name of ['proc/sys/vm', 'dev', 'medium']) await mkdir(join(folder, name), { recursive: true });
  await writeFile(join(folder, 'proc/mounts'), '');
  const disk = await open(device(), 'w+');
  await disk.truncate(DISK_BYTES);
  await disk.close();
  await exec([...(await sfdisk()), '--quiet', device()], { input: IMAGE_TABLE });
  const written = await open(device(), 'r+');
  await written.write(content.data, 0, content.data.length, DATA.startBytes + 32 * MIB);
  await written.write(content.boot, 0, content.boot.length, BOOT.startBytes);
  await written.write(Buffer.alloc(440, 'G'), 0, 440, 0);
  await written.close();
  await showPartitions();
});

async function detachAll(): Promise<void> {
  for (const loop of loops) execFileSync('losetup', ['-d', loop]);
  loops = [];
}

/** What the kernel does with a table: the nodes of its partitions, and what it says of them. */
async function showPartitions(): Promise<void> {
  await detachAll();
  const { sys, dev } = roots();
  await rm(sys, { recursive: true, force: true });
  await mkdir(join(sys, 'block/sda/queue'), { recursive: true });
  await writeFile(join(sys, 'block/sda/queue/logical_block_size'), `${SECTOR}\n`);
  for (const { number, start, size } of await tableOf()) {
    const name = `sda${number}`;
    const place = ['--offset', String(start * SECTOR), '--sizelimit', String(size * SECTOR)];
    const loop = execFileSync('losetup', ['--find', '--show', ...place, device()], { encoding: 'utf8' }).trim();
    loops.push(loop);
    await rm(join(dev, name), { force: true });
    await symlink(loop, join(dev, name));
    await mkdir(join(sys, 'block/sda', name), { recursive: true });
    for (const [attribute, value] of Object.entries({ partition: number, start, size }))
      await writeFile(join(sys, 'block/sda', name, attribute), `${value}\n`);
    await mkdir(join(sys, 'class/block'), { recursive: true });
    await symlink(join(sys, 'block/sda', name), join(sys, 'class/block', name));
  }
}

type Row = { number: number; start: number; size: number; type: string };

async function tableOf(): Promise<Row[]> {
  const { partitiontable } = JSON.parse((await exec([...(await sfdisk()), '--json', device()])).stdout);
  return partitiontable.partitions.map((row: { node: string; start: number; size: number; type: string }) => ({
    number: Number(/\d+$/.exec(basename(row.node))?.[0]),
    start: row.start,
    size: row.size,
    type: row.type.toUpperCase(),
  }));
}

let sfdiskArgv: Argv | undefined;
/** Debian has it in a package that is not among those the project needs. */
async function sfdisk(): Promise<Argv> {
  if (sfdiskArgv !== undefined) return sfdiskArgv;
  const { root } = await prepareLinuxBootEnvironment({ cacheFolder: cacheFolder(), exec, emit: () => {} });
  sfdiskArgv = unpackedProgram(root, 'usr/sbin/sfdisk', 'sfdisk');
  return sfdiskArgv;
}

class Cut extends Error {}

/** The programs, but for mounting: this kernel need not know the file systems. `cutAt`: the program that is not run any more. */
function programs({ cutAt = Number.POSITIVE_INFINITY, said = [] as string[] } = {}): Exec {
  let count = 0;
  return async (argv, options) => {
    if (count++ === cutAt) throw new Cut(argv.join(' '));
    said.push(argv.map((word) => word.replace(folder, '')).join(' '));
    if (['umount', 'mount', 'partx'].includes(argv[0])) return { exitCode: 0, stdout: '', stderr: '' };
    if (argv[0] !== 'sfdisk') return exec(argv, options);
    const result = await exec([...(await sfdisk()), ...argv.slice(1)], options);
    await showPartitions();
    return result;
  };
}

/** As a start finds it: by what lies in the partitions. */
async function mediumOnDisk(): Promise<PrestagedMedium> {
  const partitions: MediumPartition[] = [];
  for (const partition of await partitionsOf(roots().sys, device())) {
    if (partition.bytes === DATA.bytes) partitions.push({ ...partition, role: 'data', fileSystem: 'exfat' });
    if (partition.bytes === BOOT.bytes) partitions.push({ ...partition, role: 'boot', fileSystem: 'fat32' });
  }
  const data = partitions.find(({ role }) => role === 'data');
  const mounted = { path: mountPoint(), files: {} as never, [Symbol.asyncDispose]: async () => undefined };
  return { found: { mounted, device: data?.device ?? '', disk: 'sda' }, disk: device(), partitions };
}

async function digest(startBytes: number, bytes: number): Promise<string> {
  const disk = await open(device(), 'r');
  try {
    const { buffer } = await disk.read(Buffer.alloc(bytes), 0, bytes, startBytes);
    return createHash('sha256').update(buffer).digest('hex');
  } finally {
    await disk.close();
  }
}

let whole: Record<'data' | 'boot', string>;
beforeEach(async () => {
  whole = { data: await digest(DATA.startBytes, DATA.bytes), boot: await digest(BOOT.startBytes, BOOT.bytes) };
});

/** A machine would start from it: both volumes are whole where the table says, and GRUB's code is there. */
async function expectStarts(): Promise<PrestagedMedium> {
  const medium = await mediumOnDisk();
  expect(medium.partitions.map(({ role }) => role).sort()).toEqual(['boot', 'data']);
  for (const { role, startBytes, bytes } of medium.partitions)
    expect(await digest(startBytes, bytes)).toBe(whole[role]);
  expect(await digest(0, 440)).toBe(createHash('sha256').update(Buffer.alloc(440, 'G')).digest('hex'));
  return medium;
}

const wishes: VolumeWish[] = [
  { type: 'efi', name: 'System', size: '100 MB' },
  { type: 'msr', size: '16 MB' },
  { type: 'primary', name: 'Windows', size: 'rest' },
  { type: 'recovery', name: 'Recovery', size: '200 MB' },
];

type Partitioning = PartitionTask & {
  volumes?: VolumeWish[];
  medium?: PrestagedMedium | undefined;
  onPlaced?: (medium: PrestagedMedium) => void;
};

async function partition(
  run: Exec,
  { volumes = wishes, medium, onPlaced = () => undefined, ...task }: Partitioning = {},
): Promise<TargetDisk> {
  const table = layoutDisk({ style: 'gpt', volumes }, DISK_BYTES, () => crypto.randomUUID().toUpperCase());
  const disk = aDisk({ device: device(), bytes: DISK_BYTES, sectorBytes: SECTOR });
  const given = { disk, table, claim: 'c0ffee00-0000-4000-8000-000000000000', onPlaced };
  return partitionAround(run, roots(), medium ?? (await mediumOnDisk()), given, task);
}

it('the medium goes behind Windows, whole, and gives its room back at the end', async () => {
  const said: string[] = [];
  const moved: number[] = [];
  const target = await partition(programs({ said }), {
    onMove: ({ doneBytes, totalBytes }) => moved.push(doneBytes / totalBytes),
  });
  const medium = await expectStarts();
  expect(medium.partitions.map(({ number }) => number)).toEqual([5, 6]);
  expect(moved.at(-1)).toBe(1);
  expect(said.slice(0, 3)).toEqual([
    'umount /medium',
    expect.stringMatching(/^sfdisk .*--wipe never --wipe-partitions never \/dev\/sda$/),
    'mount -t exfat -o ro,iocharset=utf8 /dev/sda5 /medium',
  ]);
  const [, , windows, recovery] = target.volumes;
  const room = target.mediumRoom;
  expect(room).toEqual({
    volume: 3,
    startBytes: (windows?.startBytes ?? 0) + (windows?.bytes ?? 0),
    bytes: DATA.bytes + BOOT.bytes,
  });
  expect((room?.startBytes ?? 0) + (room?.bytes ?? 0)).toBe(recovery?.startBytes);

  await removeMedium(programs(), roots(), target);
  expect((await tableOf()).map(({ number }) => number)).toEqual([1, 2, 3, 4]);
  const grown = (await tableOf())[2];
  expect((grown?.start ?? 0) + (grown?.size ?? 0)).toBe((recovery?.startBytes ?? 0) / SECTOR);
  const facts = execFileSync('ntfsinfo', ['-m', windows?.device ?? ''], { encoding: 'utf8' });
  expect(Number(/Volume Size in Clusters: (\d+)/.exec(facts)?.[1])).toBe(Math.floor(((grown?.size ?? 0) - 1) / 8));
  expect(facts).toMatch(/Volume Flags: 0x0000/);
  // After a cut it is done again.
  await removeMedium(programs(), roots(), target);
  expect((await tableOf())[2]).toEqual(grown);
});

it('a start that finds it in its room leaves it there', async () => {
  const first = await partition(programs());
  const moved: number[] = [];
  const second = await partition(programs(), { onMove: ({ doneBytes }) => moved.push(doneBytes) });
  await expectStarts();
  expect(moved).toEqual([]);
  expect(second.mediumRoom).toEqual(first.mediumRoom);
});

it('another layout moves it by way of the front, where its new room overlaps the old', async () => {
  await partition(programs());
  const volumes = wishes.map((wish) => (wish.type === 'recovery' ? { ...wish, size: '250 MB' as const } : wish));
  const target = await partition(programs(), { volumes });
  const medium = await expectStarts();
  expect(medium.partitions[0]?.startBytes).toBe(target.mediumRoom?.startBytes);
});

it('a cut at any program leaves a medium that starts, and the next start lays the disk out', async () => {
  // umount, sfdisk, mount, and the file systems of three volumes.
  for (let cutAt = 0; cutAt < 6; cutAt++) {
    const cut = await partition(programs({ cutAt })).then(
      () => false,
      (error: unknown) => error instanceof Cut,
    );
    expect(cut).toBe(true);
    await expectStarts();
  }
  await partition(programs());
  await expectStarts();
});

it('a second attempt after a volume could not be formatted takes the medium from where it is now', async () => {
  let placed: PrestagedMedium | undefined;
  const onPlaced = (medium: PrestagedMedium): void => {
    placed = medium;
  };
  // Its old place is the new EFI system partition by then.
  const failing = programs();
  const run: Exec = (argv, options) =>
    argv[0] === 'mkntfs' ? Promise.reject(new Error('mkntfs')) : failing(argv, options);
  await expect(partition(run, { onPlaced })).rejects.toThrow('mkntfs');
  expect(placed?.partitions.map(({ number }) => number)).toEqual([5, 6]);
  await partition(programs(), { medium: placed, onPlaced });
  await expectStarts();
});

it('an interruption of the move leaves the table as it was', async () => {
  const before = await tableOf();
  const stop = new AbortController();
  const onMove: PartitionTask['onMove'] = ({ doneBytes, totalBytes }) => {
    if (doneBytes > totalBytes / 3) stop.abort();
  };
  await expect(partition(programs(), { signal: stop.signal, onMove })).rejects.toThrow();
  expect(await tableOf()).toEqual(before);
  await expectStarts();
});

it('a disk that does not give back what was written keeps its table', async () => {
  const before = await tableOf();
  let spoilt = false;
  const onMove: PartitionTask['onMove'] = ({ doneBytes, totalBytes }) => {
    if (spoilt || doneBytes < totalBytes / 2) return;
    spoilt = true;
    // Where the medium is being written to: anything in the last third of the disk that is not zero.
    execFileSync('sh', ['-c', `printf x | dd of=${device()} bs=1 seek=${750 * MIB} conv=notrunc status=none`]);
  };
  await expect(partition(programs(), { onMove })).rejects.toMatchObject({ code: 'READ_BACK_FAILED' });
  expect(await tableOf()).toEqual(before);
});

it('refuses before anything is changed', async () => {
  const before = await digest(0, DISK_BYTES);
  const small = wishes.map((wish) => (wish.type === 'recovery' ? { ...wish, size: '600 MB' as const } : wish));
  await expect(partition(programs(), { volumes: small })).rejects.toMatchObject({ code: 'VOLUME_TOO_SMALL' });
  await writeFile(join(folder, 'proc/mounts'), `${device()}2 /somewhere vfat ro 0 0\n`);
  await expect(partition(programs())).rejects.toMatchObject({ code: 'DISK_NOT_CHOSEN' });
  await writeFile(join(folder, 'proc/mounts'), `${device()}1 ${mountPoint()} exfat ro 0 0\n`);
  expect(await digest(0, DISK_BYTES)).toBe(before);
  await partition(programs());
});
