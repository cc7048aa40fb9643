import { describe, expect, test } from 'vitest';
import { AT } from '../../../../../builder/volumes/exfat/entry-set.ts';
import { MemoryVolume } from './memory-volume.ts';

const FILES = [
  { path: 'a.bin', bytes: 9000 },
  { path: 'b.bin', bytes: 9000 },
  { path: 'folder/c.bin', bytes: 100 },
];

describe('open', () => {
  test('says what was formatted', async () => {
    const volume = new MemoryVolume(FILES);
    const opened = await volume.open();
    expect(opened).toMatchObject({ label: 'MEDIUM', volumeId: '12ab34cd', bytes: 1024 ** 2 });
    expect([...opened.files.values()].map(({ path, bytes }) => ({ path, bytes }))).toEqual(FILES);
    expect(opened.files.get('a.bin')?.extents).toEqual(volume.plan.files.get('a.bin'));
  });

  test.each(['', 'x', 'Größe 日本語!!'])('reads the label "%s"', async (label) => {
    expect((await new MemoryVolume([], 1024 ** 2, { label }).open()).label).toBe(label);
  });

  test('takes the backup where the main region is not whole', async () => {
    const volume = new MemoryVolume(FILES);
    volume.disk.fill(0, 11 * 512, 12 * 512);
    expect((await volume.open()).files.size).toBe(3);
    const plan = await volume.update({ remove: ['a.bin'] });
    expect(plan.commit.map(({ offset }) => offset / 512)).toEqual([0, 11, 12, 23]);
    volume.disk.fill(0, 23 * 512, 24 * 512);
    expect((await volume.open()).files.size).toBe(2);
  });

  test('ignores deleted entries', async () => {
    const volume = new MemoryVolume(FILES);
    const start = volume.setOffset('a.bin');
    for (const at of [0, 32, 64]) volume.disk[start + at] = (volume.disk[start + at] ?? 0) & 0x7f;
    expect([...(await volume.open()).files.keys()]).toEqual(['b.bin', 'folder/c.bin']);
  });

  test('follows a chain that is longer than its content', async () => {
    const volume = new MemoryVolume(FILES);
    const first = volume.firstCluster('b.bin');
    for (const [at, next] of [first + 1, first + 2, 0xffffffff].entries()) {
      volume.disk.writeUInt32LE(next, volume.fatAt(first + at));
    }
    volume.changeSet('b.bin', (set) => {
      set[AT.flags] = 1;
      set.writeBigUInt64LE(5000n, AT.validBytes);
      set.writeBigUInt64LE(5000n, AT.bytes);
    });
    const { files, freeBytes } = await volume.open();
    expect(files.get('b.bin')?.extents).toEqual([{ offset: volume.clusterAt(first), bytes: 5000 }]);
    expect(freeBytes).toBe((await new MemoryVolume(FILES).open()).freeBytes);
  });
});

test.each<[string, (volume: MemoryVolume) => void]>([
  ['zeros', ({ disk }) => disk.fill(0)],
  ['another file system', ({ disk }) => disk.write('NTFS    ', 3)],
  ['no boot signature', ({ disk }) => disk.fill(0, 510, 512)],
  ['sectors of 1 MiB', ({ disk }) => disk.fill(20, 108, 109)],
  ['two FATs', (volume) => volume.changeBoot((sector) => sector.fill(2, 110, 111))],
  ['revision 2', (volume) => volume.changeBoot((sector) => sector.writeUInt16LE(0x200, 104))],
])('refuses as no such volume: %s', async (_, spoil) => {
  const volume = new MemoryVolume(FILES);
  spoil(volume);
  await expect(volume.open()).rejects.toMatchObject({ code: 'MEDIUM_INVALID' });
});

test.each<[string, (volume: MemoryVolume) => void]>([
  [
    'both regions with wrong checksums',
    ({ disk }) => {
      disk[100] = 1;
      disk[12 * 512 + 100] = 1;
    },
  ],
  ['more clusters than room', (volume) => volume.changeBoot((sector) => sector.writeUInt32LE(100_000, 92))],
  ['a FAT that is too short', (volume) => volume.changeBoot((sector) => sector.writeUInt32LE(1, 84))],
  ['a root outside', (volume) => volume.changeBoot((sector) => sector.writeUInt32LE(1000, 96))],
  ['a volume longer than its disk', (volume) => volume.changeBoot((sector) => sector.writeUInt32LE(100_000, 72))],
  ['a root that is a ring', (volume) => setFat(volume, volume.disk.readUInt32LE(96), volume.disk.readUInt32LE(96))],
  ['a root without end', (volume) => setFat(volume, volume.disk.readUInt32LE(96), 0)],
  ['no bitmap', (volume) => volume.disk.fill(0x01, volume.rootEntry(0x81), volume.rootEntry(0x81) + 1)],
  ['a bitmap that is too short', (volume) => volume.disk.writeUInt32LE(3, volume.rootEntry(0x81) + 24)],
  ['a bitmap longer than its clusters', (volume) => volume.disk.writeUInt32LE(9000, volume.rootEntry(0x81) + 24)],
  ['another up-case table', (volume) => volume.disk.fill(1, volume.rootEntry(0x82) + 4, volume.rootEntry(0x82) + 5)],
  ['a used cluster marked as free', (volume) => volume.mark(volume.firstCluster('b.bin') + 2, false)],
  [
    'an unknown entry that must be known',
    (volume) => volume.disk.fill(0x84, volume.rootEntry(0), volume.rootEntry(0) + 1),
  ],
  ['entries without a file', (volume) => volume.disk.fill(0xc1, volume.rootEntry(0), volume.rootEntry(0) + 1)],
  ['a wrong checksum of entries', (volume) => volume.changeSet('a.bin', (set) => set.fill(1, 8, 9), false)],
  ['a wrong hash of a name', (volume) => volume.changeSet('a.bin', (set) => set.writeUInt16LE(1, AT.nameHash))],
  ['a longer name than its entries', (volume) => volume.changeSet('a.bin', (set) => set.fill(20, AT.nameLength, 36))],
  ['no name', (volume) => volume.changeSet('a.bin', (set) => set.fill(0, AT.nameLength, 36))],
  ['a file without its stream', (volume) => volume.changeSet('a.bin', (set) => set.fill(0xe0, 32, 33))],
  ['content outside', (volume) => volume.changeSet('a.bin', (set) => set.writeUInt32LE(100_000, AT.firstCluster))],
  [
    'content before the first cluster',
    (volume) => volume.changeSet('a.bin', (set) => set.writeUInt32LE(1, AT.firstCluster)),
  ],
  ['content past the end', (volume) => volume.changeSet('a.bin', (set) => set.fill(0xff, AT.bytes, AT.bytes + 7))],
  [
    'more valid bytes than bytes',
    (volume) => volume.changeSet('a.bin', (set) => set.writeUInt32LE(9001, AT.validBytes)),
  ],
  [
    'one cluster in two files',
    (volume) => {
      const first = volume.firstCluster('b.bin');
      volume.changeSet('a.bin', (set) => set.writeUInt32LE(first, AT.firstCluster));
    },
  ],
  [
    'a chain that ends early',
    (volume) => {
      setFat(volume, volume.firstCluster('a.bin'), 0xffffffff);
      volume.changeSet('a.bin', (set) => set.fill(1, AT.flags, AT.flags + 1));
    },
  ],
  [
    'a folder that is the root',
    (volume) => {
      const root = volume.disk.readUInt32LE(96);
      volume.changeSet('folder', (set) => set.writeUInt32LE(root, AT.firstCluster));
    },
  ],
])('refuses as corrupt: %s', async (_, spoil) => {
  const volume = new MemoryVolume(FILES);
  spoil(volume);
  await expect(volume.open()).rejects.toMatchObject({ code: 'MEDIUM_CORRUPT' });
});

function setFat(volume: MemoryVolume, cluster: number, next: number): void {
  volume.disk.writeUInt32LE(next, volume.fatAt(cluster));
}
