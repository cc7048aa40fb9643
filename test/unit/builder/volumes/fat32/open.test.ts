import { describe, expect, test } from 'vitest';
import { FAT32 } from '../../../../../builder/volumes/fat32/index.ts';
import type { VolumeFile, Write } from '../../../../../builder/volumes/volume.ts';

const FILES = [
  { path: 'a.txt', bytes: 2000 },
  { path: 'folder/b.txt', bytes: 600 },
];
const TIME = 1_700_000_000;
const BYTES = FAT32.bytesFor(FILES, 0);
const OPTIONS = { bytes: BYTES, label: 'MEDIUM', volumeId: '12ab34cd', time: TIME, hiddenSectors: 0 };
/** The clusters of the volume below: the root, the folder, a.txt, b.txt. */
const [ROOT, FOLDER, A, B] = [2, 3, 4, 8];

class Memory {
  readonly bytes = Buffer.alloc(BYTES);
  readonly #fat: [number, number];

  constructor(files: VolumeFile[] = FILES) {
    const { prepare, commit } = FAT32.format(files, OPTIONS);
    this.apply([...prepare, ...commit]);
    const [reserved, perFat] = [this.bytes.readUInt16LE(14), this.bytes.readUInt32LE(36)];
    this.#fat = [reserved * 512, (reserved + perFat) * 512];
  }

  apply(writes: Write[]): void {
    for (const { offset, data } of writes) this.bytes.set(data, offset);
  }

  fat(cluster: number, fat = 0): number {
    return this.bytes.readUInt32LE((this.#fat[fat] ?? 0) + cluster * 4);
  }

  setFat(cluster: number, value: number, fats = [0, 1]): void {
    for (const fat of fats) this.bytes.writeUInt32LE(value, (this.#fat[fat] ?? 0) + cluster * 4);
  }

  open(end = BYTES) {
    return FAT32.open(async (offset, bytes) => this.bytes.subarray(offset, Math.min(offset + bytes, end)));
  }
}

describe('a volume that is opened', () => {
  test('is damaged where it is cut short by a sector, though all content is there', async () => {
    const error = { code: 'MEDIUM_CORRUPT', message: expect.stringContaining('before its structures do') };
    await expect(new Memory().open(BYTES - 512)).rejects.toMatchObject(error);
  });

  test('may say that its FAT is longer than any memory', async () => {
    const { bytes } = new Memory();
    bytes.writeUInt32LE(0x01000000, 36);
    bytes.writeUInt32LE(0x02000000 + 70_000, 32);
    // A disk with nothing behind what is there: the root lies far away, and is empty.
    const read = async (offset: number, count: number): Promise<Buffer> => {
      const there = Buffer.alloc(count);
      bytes.subarray(offset, offset + count).copy(there);
      return there;
    };
    expect((await FAT32.open(read)).files.size).toBe(0);
  });

  test('has its parts where these tests look for them', async () => {
    const memory = new Memory();
    const end = 0x0fffffff;
    expect([ROOT, FOLDER, A, A + 1, A + 3, B, B + 1, B + 2].map((cluster) => memory.fat(cluster))).toEqual([
      end,
      end,
      A + 1,
      A + 2,
      end,
      B + 1,
      end,
      0,
    ]);
    const volume = await memory.open();
    expect([...volume.files.values()].map(({ path, bytes }) => ({ path, bytes }))).toEqual(FILES);
    expect(volume.files.get('folder/b.txt')?.extents).toEqual(FAT32.format(FILES, OPTIONS).files.get('folder/b.txt'));
  });

  test.each([
    ['a loop', (memory: Memory) => memory.setFat(A + 2, A), 'a.txt'],
    ['a folder in a loop', (memory: Memory) => memory.setFat(FOLDER, FOLDER), 'folder'],
    ['a root in a loop', (memory: Memory) => memory.setFat(ROOT, ROOT), '/'],
    ['a cluster of two files', (memory: Memory) => memory.setFat(B, A + 1), 'folder/b.txt'],
    ['a cluster behind the end', (memory: Memory) => memory.setFat(A, 0x0ffffff0), 'a.txt'],
    ['a chain that leads to a free cluster', (memory: Memory) => memory.setFat(A + 1, 0), 'a.txt'],
    ['a chain that leads to a bad cluster', (memory: Memory) => memory.setFat(A + 1, 0x0ffffff7), 'a.txt'],
    ['a chain that is too short', (memory: Memory) => memory.setFat(A + 1, 0x0fffffff), 'a.txt'],
    ['a root that is none', (memory: Memory) => memory.bytes.writeUInt32LE(0, 44), '/'],
  ])('is refused for %s, by name', async (_, damage, where) => {
    const memory = new Memory();
    damage(memory);
    await expect(memory.open()).rejects.toMatchObject({ code: 'MEDIUM_CORRUPT', where });
  });

  test('is refused where it ends too early, in the FATs or the folders', async () => {
    const memory = new Memory();
    await expect(memory.open(100_000)).rejects.toMatchObject({ code: 'MEDIUM_CORRUPT' });
    await expect(memory.open(0)).rejects.toMatchObject({ code: 'MEDIUM_INVALID' });
  });

  test('has more clusters than a file needs where somebody asked for them', async () => {
    const memory = new Memory();
    memory.setFat(B + 1, B + 5);
    memory.setFat(B + 5, 0x0ffffff8);
    const volume = await memory.open();
    const { files } = volume.update({ remove: [], write: [{ path: 'c', bytes: 512 * 8 }], time: TIME });
    expect(volume.files.get('folder/b.txt')?.extents.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(600);
    expect(files.get('c')?.[0]?.offset).toBeGreaterThan(volume.files.get('a.txt')?.extents[0]?.offset ?? 0);
  });
});

describe('an update', () => {
  const none = { remove: [], write: [], time: TIME };

  test('never writes to what the earlier volume is made of before its switch', async () => {
    const memory = new Memory();
    const volume = await memory.open();
    const plan = volume.update({ remove: ['a.txt'], write: [{ path: 'folder/b.txt', bytes: 5000 }], time: TIME });
    const before = Buffer.from(memory.bytes);
    memory.apply(plan.prepare);
    for (const cluster of [ROOT, FOLDER, A, A + 1, A + 2, A + 3, B, B + 1]) {
      expect(memory.fat(cluster)).toBe(before.readUInt32LE(before.readUInt16LE(14) * 512 + cluster * 4));
    }
    const changed = plan.prepare.flatMap(({ offset, data }) => [offset, offset + data.length]);
    const extents = [...volume.files.values()].flatMap((file) => file.extents);
    expect(extents.filter(({ offset }) => changed.some((at) => at > offset && at <= offset + 512))).toEqual([]);
    expect(plan.commit.map(({ offset, data }) => [offset, data.length])).toEqual([
      [0, 512],
      [6 * 512, 512],
    ]);
    memory.apply([...plan.commit, ...plan.finish]);
    expect([...(await memory.open()).files.keys()]).toEqual(['folder/b.txt']);
  });

  test('frees what nothing leads to, keeps what is bad, and makes the FATs the same', async () => {
    const memory = new Memory();
    memory.setFat(1000, 1001);
    memory.setFat(1001, 0x0fffffff, [1]);
    memory.setFat(2000, 0x0ffffff7);
    memory.setFat(B + 2, 0x0ffffff7);
    memory.setFat(A + 3, 0xafffffff);
    const plan = (await memory.open()).update(none);
    memory.apply([...plan.prepare, ...plan.commit, ...plan.finish]);
    const values = [1000, 1001, 2000, B + 2, A + 3].map((cluster) => [memory.fat(cluster), memory.fat(cluster, 1)]);
    expect(values).toEqual([
      [0, 0],
      [0, 0],
      [0x0ffffff7, 0x0ffffff7],
      [0x0ffffff7, 0x0ffffff7],
      [0xafffffff, 0xafffffff],
    ]);
    const clusters = (BYTES - (memory.bytes.readUInt16LE(14) + 2 * memory.bytes.readUInt32LE(36)) * 512) / 512;
    expect(memory.bytes.readUInt32LE(512 + 488)).toBe(clusters - 2 - 6 - 2);
    expect(memory.bytes.readUInt32LE(512 + 492)).toBe(ROOT);
  });

  test('can be planned twice from one opened volume', async () => {
    const volume = await new Memory().open();
    expect(volume.update(none)).toEqual(volume.update(none));
  });

  test('writes the one FAT that counts', async () => {
    const memory = new Memory();
    memory.bytes.writeUInt16LE(0x81, 40);
    memory.setFat(A + 2, A, [0]);
    const plan = (await memory.open()).update(none);
    const second = (memory.bytes.readUInt16LE(14) + memory.bytes.readUInt32LE(36)) * 512;
    expect(plan.prepare.filter(({ offset }) => offset < second)).toEqual([]);
    expect(plan.prepare.some(({ offset }) => offset === second)).toBe(true);
  });
});

describe('a plan', () => {
  test('lays files behind one another in the order given, behind the folders', () => {
    const { files } = FAT32.format([...FILES, { path: 'empty', bytes: 0 }], OPTIONS);
    const [a, b] = [files.get('a.txt')?.[0], files.get('folder/b.txt')?.[0]];
    expect(a?.bytes).toBe(2000);
    expect(b).toEqual({ offset: (a?.offset ?? 0) + 2048, bytes: 600 });
    expect(files.get('empty')).toEqual([]);
  });

  test.each([
    ['FILE_TOO_LARGE', [{ path: 'a', bytes: 4 * 1024 ** 3 }], ['a: 4.0 GB']],
    ['NAME_NOT_ALLOWED', [{ path: 'a:', bytes: 1 }], [expect.stringContaining('a:: ')]],
    ['NO_SPACE', [{ path: 'a', bytes: BYTES }], [expect.stringMatching(/^\d+ bytes are needed, \d+ bytes are free$/)]],
  ])('is refused with %s', (code, files, lines) => {
    expect(() => FAT32.format(files, OPTIONS)).toThrow(expect.objectContaining({ code, lines }));
  });

  test('is refused for more names than a folder holds', () => {
    const files = Array.from({ length: 22_000 }, (_, index) => ({ path: `x/a long name ${index}`, bytes: 0 }));
    expect(() => FAT32.bytesFor(files, 0)).toThrow(expect.objectContaining({ code: 'NAME_NOT_ALLOWED' }));
  });
});
