import { cp, mkdtemp, open, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { cacheFolder } from '../../builder/cache-folder.ts';
import type { StickLayout, StickTable } from '../../builder/config/schema.ts';
import { inspectMedium } from '../../builder/inspect/inspect-medium.ts';
import type { MediumDocument } from '../../builder/inspect/medium-document.ts';
import { writeSticks } from '../../builder/writers/usb/write-sticks.ts';
import { exec } from '../../runtime/host/exec.ts';
import { cli } from '../helpers/cli.ts';
import { blankStick, folderMedium } from '../helpers/folder-medium.ts';
import { buildTestMedium } from '../helpers/medium.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const MIB = 1024 ** 2;
const DISK = 6;

let place: string;
let iso: string;
let stickBytes: number;

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'mediasmith-inspect-stick-'));
  iso = (await buildTestMedium(join(place, 'medium'))).iso;
  stickBytes = Math.ceil((3 * (await stat(iso)).size) / MIB + 200) * MIB;
});
afterAll(() => rm(place, { recursive: true, force: true }));

const context = () => ({
  exec,
  emit: () => undefined,
  signal: new AbortController().signal,
  cacheFolder: cacheFolder(),
});
const inspect = (medium: string): Promise<MediumDocument> => inspectMedium(medium, context());

async function stickOf(medium: string, layout: StickLayout, partitionTable: StickTable): Promise<string> {
  const stick = await blankStick(stickBytes);
  await using handle = await open(stick, 'r+');
  const target = { device: stick, bytes: stickBytes, handle };
  await writeSticks(medium, [target], { layout, partitionTable }, context());
  return stick;
}

/** A block device with the content of a file; gone when the test has ended. */
async function deviceOf(file: string): Promise<string> {
  const { stdout } = await exec(['losetup', '--read-only', '--find', '--show', file]);
  const device = stdout.trim();
  onTestFinished(async () => void (await exec(['losetup', '--detach', device])));
  return device;
}

async function failure(medium: string): Promise<{ code: string; message: string; hint: string; where: string }> {
  const { stdout } = await cli(['inspect', medium, '--json']);
  return JSON.parse(stdout).error;
}

describe.each<[StickLayout, StickTable, number]>([
  ['fat32', 'mbr', 1],
  ['fat32+exfat', 'gpt', 2],
])('a stick with %s and %s', (layout, partitionTable, volumes) => {
  it('says as an image and as a device what its ISO says, and how it is laid out', async () => {
    const [whole, image] = [await inspect(iso), await stickOf(iso, layout, partitionTable)];
    const document = await inspect(image);
    const { id, manifestSha256, operatingSystems, sequences, content } = whole;
    expect(document).toMatchObject({ id, manifestSha256, operatingSystems, sequences, content });
    expect(document).toMatchObject({
      ...{ type: 'stick', device: false, firmware: ['BIOS', 'UEFI'] },
      stick: { layout, partitionTable, bytes: stickBytes },
    });
    expect(document.stick?.volumes.map(({ fileSystem }) => fileSystem)).toEqual(['exfat', 'fat32'].slice(-volumes));
    for (const { freeBytes, bytes } of document.stick?.volumes ?? []) {
      expect(freeBytes).toBeGreaterThan(MIB);
      expect(freeBytes).toBeLessThan(bytes);
    }
    expect(document.bootEnvironments[0]?.signing).toBe(whole.bootEnvironments[0]?.signing);
    const device = await deviceOf(image);
    expect(await inspect(device)).toEqual({ ...document, device: true });
  });
});

it('an ISO that was written onto a stick as it is, is found on the device', async () => {
  const stick = await blankStick(0);
  await cp(iso, stick);
  await truncate(stick, stickBytes);
  const [whole, document] = [await inspect(iso), await inspect(await deviceOf(stick))];
  expect(document).toEqual({ ...whole, device: true });
});

it('a stick with the rest of an ISO on it is a stick', async () => {
  const stick = await stickOf(await folderMedium({ 'mediasmith/x': 'x' }), 'fat32', 'mbr');
  await using handle = await open(stick, 'r+');
  await handle.write(Buffer.from('\u0001CD001'), 0, DISK, 16 * 2048);
  expect((await inspect(stick)).type).toBe('stick');
});

describe('a device with no medium is named', () => {
  it('one with nothing in it', async () => {
    const device = await deviceOf(await blankStick(0));
    expect(await failure(device)).toMatchObject({
      code: 'MEDIUM_INVALID',
      where: device,
      message: expect.stringContaining('has nothing in it'),
    });
  });

  it('one with something else on it', async () => {
    const disk = await blankStick(64 * MIB);
    expect(await failure(await deviceOf(disk))).toMatchObject({
      code: 'MEDIUM_INVALID',
      message: expect.stringContaining('no volume on it has mediasmith/manifest.json'),
      hint: expect.stringContaining('usb list'),
    });
    await exec(['sfdisk', disk], { input: 'label: dos\nstart=2048, type=c\n' });
    await exec(['mkfs.fat', '-F', '32', '--offset', '2048', disk, String(63 * 1024)]);
    expect((await failure(await deviceOf(disk))).message).toContain('no volume on it has');
    expect((await failure(disk)).message).toContain('no medium of ours');
  });

  it('one partition of a stick, with the disk it belongs to', async () => {
    const device = await deviceOf(await stickOf(iso, 'fat32', 'mbr'));
    await exec(['partx', '--add', device]);
    onTestFinished(async () => void (await exec(['partx', '--delete', device])));
    const numbers = await readFile(`/sys/class/block/${basename(device)}p1/dev`, 'latin1');
    const node = join(await temporaryFolder(), 'partition');
    await exec(['mknod', node, 'b', ...numbers.trim().split(':')]);
    expect(await failure(node)).toMatchObject({ code: 'MEDIUM_INVALID', hint: `Name the disk: ${device}` });
  });

  it('one that this user may not read', async () => {
    const device = await deviceOf(await blankStick(MIB));
    const script = `import { openMedium } from '${import.meta.dirname}/../../builder/inspect/open-medium.ts';
      await openMedium('${device}', {}).catch(({ code, message, hint }) => console.log(JSON.stringify({ code, message, hint })));`;
    const user = ['--reuid=65534', '--regid=65534', '--clear-groups'];
    const { stdout } = await exec([
      'setpriv',
      ...user,
      process.execPath,
      '--input-type=module-typescript',
      '--eval',
      script,
    ]);
    expect(JSON.parse(stdout)).toMatchObject({
      code: 'MEDIUM_INVALID',
      message: expect.stringContaining('may not be read by this user'),
      hint: expect.stringContaining('sudo'),
    });
  });
});

describe('a stick that is damaged is no medium to inspect, and says so', () => {
  it('where its folders contradict each other', async () => {
    const image = await stickOf(await folderMedium({ 'mediasmith/x': 'x' }), 'fat32', 'mbr');
    const bytes = await readFile(image);
    // The folder's own entry begins in each folder but the root: its first cluster is said in the entry of its parent.
    const entry = bytes.indexOf('MEDIAS~1   ', 0, 'latin1');
    expect(entry).toBeGreaterThan(0);
    bytes.writeUInt16LE(0xffff, entry + 20);
    await writeFile(image, bytes);
    expect(await failure(image)).toMatchObject({ code: 'MEDIUM_CORRUPT', where: image });
  });

  it('where it cannot be read', async () => {
    const image = await stickOf(iso, 'fat32', 'mbr');
    const device = await deviceOf(image);
    await truncate(image, MIB);
    const message = expect.stringContaining('EIO');
    expect(await failure(device)).toMatchObject({ code: 'MEDIUM_CORRUPT', where: device, message });
  });
});

it('a medium as a page: written, written again, and never over something else', async () => {
  const page = join(await temporaryFolder(), 'medium.html');
  for (const _ of ['first', 'again']) {
    const { exitCode, stdout } = await cli(['inspect', iso, '--html', page]);
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining(page)]);
  }
  expect(await readFile(page, 'utf8')).toContain('<bdi>MEDIASMITH_TEST</bdi>');
  await writeFile(page, 'precious');
  const { exitCode, stdout } = await cli(['inspect', iso, '--html', page, '--json']);
  expect([exitCode, JSON.parse(stdout).error.code]).toEqual([2, 'OUTPUT_EXISTS']);
  expect(await readFile(page, 'utf8')).toBe('precious');
});
