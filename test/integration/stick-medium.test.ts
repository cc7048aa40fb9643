import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type LinuxBootEnvironment, prepareLinuxBootEnvironment } from '../../builder/boot/linux/prepare.ts';
import { createDisk } from '../../builder/boot-test/disk.ts';
import { VirtualMachine } from '../../builder/boot-test/virtual-machine.ts';
import { unpackedProgram } from '../../builder/tools/unpacked-program.ts';
import { exec } from '../../runtime/host/exec.ts';
import { ownCache } from '../helpers/own-cache.ts';
import { temporaryFolder, writeFiles } from '../helpers/temporary-folder.ts';

const ID = '3b241101-e2bb-4255-8caf-4136c566a962';
const MIB = 1024 ** 2;
const VOLUME_BYTES = 40 * MIB;
const RUN_SECONDS = 300;
const PROBE = fileURLToPath(new URL('../helpers/stick-probe.ts', import.meta.url));

let cache: string;
let environment: LinuxBootEnvironment;
beforeAll(async () => {
  cache = await mkdtemp(join(tmpdir(), 'mediasmith-probe-'));
  environment = await prepareLinuxBootEnvironment({
    ...{ cacheFolder: await ownCache(cache), runtimeEntry: PROBE, exec },
    emit: () => {},
  });
});
afterAll(() => rm(cache, { recursive: true, force: true }));

/** A volume made by the file system's own tool, with a manifest where mtools can write one. */
async function makeVolume(folder: string, kind: 'fat32' | 'exfat', manifest: boolean): Promise<string> {
  const volume = join(folder, `${kind}.img`);
  await createDisk(volume, VOLUME_BYTES);
  await exec(kind === 'fat32' ? ['mkfs.fat', '-F', '32', '-s', '1', volume] : ['mkfs.exfat', volume]);
  if (manifest) {
    await writeFiles(folder, { 'mediasmith/manifest.json': JSON.stringify({ id: ID }, null, 1) });
    await exec(['mcopy', '-s', '-i', volume, join(folder, 'mediasmith'), '::/']);
  }
  return volume;
}

async function makeStick(folder: string, volumes: readonly string[]): Promise<string> {
  const stick = join(folder, 'stick.img');
  await createDisk(stick, MIB + volumes.length * VOLUME_BYTES);
  const lines = volumes.map((_, index) => `start=${(MIB + index * VOLUME_BYTES) / 512}, size=${VOLUME_BYTES / 512}`);
  const sfdisk = unpackedProgram(environment.root, 'usr/sbin/sfdisk', 'sfdisk');
  await exec([...sfdisk, stick], { input: `label: dos\n${lines.join('\n')}\n` });
  for (const [index, volume] of volumes.entries()) await copyBytes(volume, 0, stick, MIB + index * VOLUME_BYTES);
  return stick;
}

async function copyBytes(from: string, at: number, to: string, position: number): Promise<void> {
  await using source = await open(from, 'r');
  await using target = await open(to, 'r+');
  const { buffer } = await source.read(Buffer.alloc(VOLUME_BYTES), 0, VOLUME_BYTES, at);
  await target.write(buffer, { position });
}

/** What the probe has said in the boot environment, by the words before it. */
async function runProbe(folder: string, stick: string): Promise<Record<string, unknown>> {
  const append = `quiet panic=-1 console=ttyS0 mediasmith.medium=${ID}`;
  const disk = join(folder, 'disk.img');
  await createDisk(disk, 64 * MIB);
  await using machine = await VirtualMachine.start({
    ...{ firmware: 'bios', folder: join(folder, 'machine'), memoryMiB: 768 },
    disks: [
      { path: stick, bus: 'usb' },
      { path: disk, bus: 'virtio' },
    ],
    directKernel: { kernel: environment.kernel, initrd: environment.initrd, append },
  });
  await machine.waitForLine(/^probe (afterwards|failure)/, { seconds: RUN_SECONDS });
  await machine.exited;
  const said = machine.lines().flatMap((line) => [...line.matchAll(/^probe (\w+): (.*)$/g)]);
  return Object.fromEntries(said.map(([, words, value]) => [words, JSON.parse(value ?? '')]));
}

const RESULT = 'mediasmith/results/Größe/result.json';

it.each([
  ['one volume of FAT32', ['fat32'], ['fsck.fat', '-n']],
  ['data on exFAT before a boot volume', ['exfat', 'fat32'], ['fsck.exfat', '-n']],
] as const)('a stick with %s is found, is no target, and takes results', async (_, kinds, check) => {
  const folder = await temporaryFolder();
  const volumes: string[] = [];
  for (const kind of kinds) volumes.push(await makeVolume(folder, kind, kinds.length === 1));
  const stick = await makeStick(folder, volumes);
  const { files, ...said } = await runProbe(folder, stick);
  expect(said).toEqual({
    medium: { device: '/dev/sda1', disk: 'sda', launchMode: 'UFD' },
    disks: [
      { device: '/dev/sda', bus: 'usb', holdsMedium: true },
      { device: '/dev/vda', bus: 'virtio', holdsMedium: false },
    ],
    afterwards: 'EROFS',
  });
  expect(files).toEqual(expect.arrayContaining(['mediasmith/manifest.json', RESULT]));
  // What the stick has in the end is whole, also for others than the kernel.
  const volume = join(folder, 'afterwards.img');
  await createDisk(volume, VOLUME_BYTES);
  await copyBytes(stick, MIB, volume, 0);
  await exec([check[0], check[1], volume]);
});
