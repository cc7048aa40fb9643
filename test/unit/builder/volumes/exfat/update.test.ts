import { describe, expect, test } from 'vitest';
import { AT } from '../../../../../builder/volumes/exfat/entry-set.ts';
import { EXFAT } from '../../../../../builder/volumes/exfat/index.ts';
import { MemoryVolume, TIME } from './memory-volume.ts';

const FILES = [
  { path: 'one/a.bin', bytes: 5000 },
  { path: 'two/b.bin', bytes: 5000 },
  { path: 'three/deep/c.bin', bytes: 5000 },
];

describe('update', () => {
  test('writes only the folders above a change', async () => {
    const volume = new MemoryVolume(FILES);
    const kept = ['two', 'three', 'deep'].map((name) => volume.firstCluster(name));
    const plan = await volume.update({ write: [{ path: 'one/a.bin', bytes: 1 }] });
    expect(plan.prepare.map(({ data }) => data.length)).toEqual([4096, 4096, 512, 512]);
    expect(await firstClusters(volume, ['two/b.bin', 'three/deep/c.bin'])).toEqual(
      await firstClusters(new MemoryVolume(FILES), ['two/b.bin', 'three/deep/c.bin']),
    );
    expect(['two', 'three', 'deep'].map((name) => volume.firstCluster(name))).toEqual(kept);
  });

  test('writes nothing into what the earlier volume uses before the switch', async () => {
    const volume = new MemoryVolume(FILES);
    const plan = (await volume.open()).update({ remove: ['one/a.bin'], write: [{ path: 'd', bytes: 1 }], time: TIME });
    const data = volume.clusterAt(2);
    const used = [...Array(250).keys()].filter((cluster) => cluster >= 2 && volume.isMarked(cluster));
    const bitmap = volume.disk.readUInt32LE(volume.rootEntry(0x81) + 20);
    const written = [...plan.prepare.map(({ offset }) => offset), plan.files.get('d')?.[0]?.offset ?? 0]
      .filter((offset) => offset >= data)
      .map((offset) => Math.floor((offset - data) / 4096) + 2);
    expect(written.filter((cluster) => used.includes(cluster))).toEqual([bitmap]);
  });

  test('marks clusters before the switch and frees them after it', async () => {
    const volume = new MemoryVolume(FILES);
    const gone = volume.firstCluster('a.bin');
    const plan = (await volume.open()).update({ remove: ['one/a.bin'], write: [], time: TIME });
    volume.apply(plan.prepare);
    expect(volume.isMarked(gone)).toBe(true);
    volume.apply(plan.commit);
    expect(volume.isMarked(volume.disk.readUInt32LE(96))).toBe(true);
    volume.apply(plan.finish);
    expect([gone, gone + 1].map((cluster) => volume.isMarked(cluster))).toEqual([false, false]);
    expect([...(await volume.open()).files.keys()]).toEqual(['two/b.bin', 'three/deep/c.bin']);
    expect(() => volume.firstCluster('nothing')).toThrow();
  });

  test('switches by four sectors, the region that counts last', async () => {
    const plan = await new MemoryVolume(FILES).update({ remove: ['one/a.bin'] });
    expect(plan.commit.map(({ offset, data }) => [offset / 512, data.length])).toEqual(
      [12, 23, 0, 11].map((sector) => [sector, 512]),
    );
  });

  test('keeps entries of others, and the clusters they have', async () => {
    const volume = new MemoryVolume(FILES);
    const theirs = volume.clusterAt(200);
    volume.disk.write('theirs', theirs);
    volume.mark(200, true);
    const added = Buffer.alloc(64);
    added[0] = 0xe0;
    added.write('vendor', 2);
    added[32] = 0xe1;
    added[33] = 3;
    added.writeUInt32LE(200, 32 + 20);
    added.writeUInt32LE(100, 32 + 24);
    volume.changeSet('b.bin', (set) => {
      set[AT.secondaryCount] = 4;
      set.writeUInt16LE(0x27, AT.attributes);
      added.copy(set, 96);
    });
    const guid = Buffer.alloc(32, 7).fill(0xa0, 0, 1).fill(0, 1, 6);
    guid.copy(volume.disk, volume.rootEntry(0));
    await volume.update({ write: [{ path: 'two/new.bin', bytes: 100_000 }] });
    await volume.update({ write: [{ path: 'two/new.bin', bytes: 300_000 }] });
    const set = volume.disk.subarray(await currentSet(volume, 'two', 'b.bin'));
    expect(set.subarray(96, 160)).toEqual(added);
    expect(set.readUInt16LE(AT.attributes)).toBe(0x27);
    expect(volume.disk.subarray(volume.rootEntry(0xa0)).subarray(0, 32)).toEqual(guid);
    expect([volume.isMarked(200), volume.disk.toString('latin1', theirs, theirs + 6)]).toEqual([true, 'theirs']);
    await volume.update({ remove: ['two/b.bin'] });
    expect(volume.isMarked(200)).toBe(false);
  });

  test('leaves bad clusters alone', async () => {
    const volume = new MemoryVolume(FILES);
    const bad = 30;
    volume.disk.writeUInt32LE(0xfffffff7, volume.fatAt(bad));
    const { freeBytes } = await volume.open();
    const plan = await volume.update({ write: [{ path: 'full.bin', bytes: freeBytes }] });
    const extents = plan.files.get('full.bin') ?? [];
    const at = volume.clusterAt(bad);
    expect(extents.some(({ offset, bytes }) => offset <= at && at < offset + bytes)).toBe(false);
    expect(extents.length).toBeGreaterThan(1);
    expect((await volume.open()).files.get('full.bin')?.extents).toEqual(extents);
    expect(volume.isMarked(bad)).toBe(true);
  });

  test('keeps a folder that was empty before, and removes one that becomes empty', async () => {
    const volume = new MemoryVolume([...FILES, { path: 'empty/x', bytes: 0 }]);
    const start = volume.setOffset('x');
    for (const at of [0, 32, 64]) volume.disk[start + at] = (volume.disk[start + at] ?? 0) & 0x7f;
    await volume.update({ remove: ['three/deep/c.bin'] });
    const opened = await volume.open();
    expect([...opened.files.keys()]).toEqual(['one/a.bin', 'two/b.bin']);
    const root = volume.clusterAt(volume.disk.readUInt32LE(96));
    expect(namesIn(volume.disk.subarray(root, root + 4096))).toEqual(['one', 'two', 'empty']);
  });

  test('replaces a name that differs in case, and keeps the spelling of folders', async () => {
    const volume = new MemoryVolume(FILES);
    await volume.update({ write: [{ path: 'ONE/A.BIN', bytes: 3 }] });
    expect((await volume.open()).files.get('one/A.BIN')).toMatchObject({ bytes: 3 });
    expect((await volume.open()).files.size).toBe(3);
  });
});

describe('names', () => {
  test.each([
    ['that the up-case table makes one', ['ᾀ', 'ᾈ']],
    ['that differ in case', ['Größe', 'GRÖßE']],
    ['with a character that is not allowed', ['a:b']],
    ['longer than 255 units', ['x'.repeat(256)]],
    ['that are empty', ['a//b']],
  ])('%s are refused', (_, paths) => {
    const files = paths.map((path) => ({ path, bytes: 1 }));
    const options = { bytes: 1024 ** 2, label: '', volumeId: '00000000', time: TIME, hiddenSectors: 0 };
    expect(() => EXFAT.format(files, options)).toThrow(expect.objectContaining({ code: 'NAME_NOT_ALLOWED' }));
    expect(() => EXFAT.bytesFor(files, 0)).toThrow(expect.objectContaining({ code: 'NAME_NOT_ALLOWED' }));
  });

  test('of 255 units are held', async () => {
    const path = `${'😀'.repeat(127)}x`;
    const volume = new MemoryVolume([{ path, bytes: 1 }]);
    expect([...(await volume.open()).files.keys()]).toEqual([path]);
  });

  test('that another name on the volume is taken for are refused, and do not remove it', async () => {
    const volume = new MemoryVolume([{ path: 'µ.txt', bytes: 1 }]);
    const write = ['Μ.txt', 'µ.txt/below'].map((path) => [{ path, bytes: 1 }]);
    for (const files of write) {
      await expect(volume.update({ write: files })).rejects.toMatchObject({ code: 'NAME_NOT_ALLOWED' });
    }
    await volume.update({ remove: ['Μ.txt'] });
    expect([...(await volume.open()).files.keys()]).toEqual(['µ.txt']);
  });
});

async function firstClusters(volume: MemoryVolume, paths: string[]): Promise<unknown[]> {
  const { files } = await volume.open();
  return paths.map((path) => files.get(path)?.extents[0]?.offset);
}

/** Older copies of folders lie beside the present one. */
async function currentSet(volume: MemoryVolume, folder: string, name: string): Promise<number> {
  const root = volume.clusterAt(volume.disk.readUInt32LE(96));
  const cluster = volume.disk.readUInt32LE(setIn(volume, root, folder) + AT.firstCluster);
  return setIn(volume, volume.clusterAt(cluster), name);
}

function setIn(volume: MemoryVolume, start: number, name: string): number {
  for (let at = start; at < start + 4096; at += 32) {
    if (volume.disk[at] === 0x85 && nameAt(volume.disk, at) === name) return at;
  }
  throw new Error(`no ${name}`);
}

function namesIn(folder: Buffer): string[] {
  const starts = [...Array(folder.length / 32).keys()].map((at) => at * 32).filter((at) => folder[at] === 0x85);
  return starts.map((at) => nameAt(folder, at));
}

function nameAt(bytes: Buffer, at: number): string {
  return bytes.toString('utf16le', at + AT.names + 2, at + AT.names + 2 + 2 * (bytes[at + AT.nameLength] ?? 0));
}
