import { randomBytes } from 'node:crypto';
import { link, lstat, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exec } from '../../runtime/host/exec.ts';
import type { WimProgress } from '../../runtime/wim/progress.ts';
import { WimFile } from '../../runtime/wim/wim-file.ts';
import { filesOf, MEBIBYTE, makeDrivers, makeNtfs } from './wim-fixtures.ts';

const GUID = '00112233445566778899aabbccddeeff';

let folder: string;
const at = (...names: string[]) => join(folder, ...names);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wim-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('a content file', () => {
  it('has the same bytes whoever read the folders, whatever the number of threads, wherever they lie', async () => {
    await makeDrivers(at('source', 'drivers'));
    await makeDrivers(at('source', 'more'));
    const before = await lstat(at('source', 'drivers', 'net', 'e1d.inf'), { bigint: true });
    await writeContent(at('1.wim'), at('source'), 1);
    await exec(['find', at('source'), '-exec', 'touch', '-a', '-h', '{}', ';']);
    await exec(['grep', '-r', 'nothing', at('source')], { successCodes: [0, 1] });
    await writeContent(at('2.wim'), at('source'), 2);
    await exec(['cp', '-a', at('source'), at('elsewhere')]);
    await writeContent(at('3.wim'), at('elsewhere'), 0);
    const first = await readFile(at('1.wim'));
    expect(first.equals(await readFile(at('2.wim')))).toBe(true);
    expect(first.equals(await readFile(at('3.wim')))).toBe(true);
    const after = await lstat(at('source', 'drivers', 'net', 'e1d.inf'), { bigint: true });
    expect(after.mtimeNs).toBe(before.mtimeNs);
  });

  it('holds a file once that lies in several packages', async () => {
    await makeDrivers(at('source', 'drivers'));
    await makeDrivers(at('source', 'more'));
    await writeContent(at('both.wim'), at('source'), 0);
    using wim = await WimFile.create('LZX');
    await wim.addFolder(at('source', 'drivers'), 'drivers');
    await wim.write(at('one.wim'));
    const sizes = await Promise.all(['both.wim', 'one.wim'].map(async (name) => (await lstat(at(name))).size));
    const [both = 0, one = 0] = sizes;
    expect(one).toBeGreaterThan(MEBIBYTE);
    expect(both - one).toBeLessThan(4096);
  });

  it('says what is in it', async () => {
    await makeDrivers(at('source', 'drivers'));
    await makeDrivers(at('source', 'more'));
    await writeContent(at('content.wim'), at('source'), 0, true);
    using wim = await WimFile.open(at('content.wim'));
    expect(wim.info).toMatchObject({
      guid: GUID,
      compression: 'LZX',
      imageCount: 2,
      bootIndex: 0,
      hasIntegrityTable: true,
    });
    expect(wim.images().map(({ name, files }) => [name, files])).toEqual([
      ['drivers', 5],
      ['more', 5],
    ]);
    const net = await wim.listPaths(1, '/net');
    expect(net.map(({ offset, ...entry }) => entry)).toEqual([
      { path: '/net/e1d.inf', directory: false, bytes: 20 },
      { path: '/net/e1d.sys', directory: false, bytes: MEBIBYTE },
      { path: '/net/link.sys', directory: false, bytes: expect.any(Number) },
      { path: '/net/same.sys', directory: false, bytes: MEBIBYTE },
    ]);
    const [inf, sys, , same] = net.map(({ offset }) => offset);
    expect([sys, same]).toEqual([expect.any(Number), sys]);
    const raw = await readFile(at('content.wim'));
    expect(raw.subarray(inf, (inf ?? 0) + 20)).toEqual(await readFile(at('source', 'drivers', 'net', 'e1d.inf')));
    expect((await wim.listPaths(1, '/', { recursive: true })).map(({ path }) => path)).toContain('/net/e1d.inf');
    expect(await wim.exists(2, '\\NET\\E1D.INF')).toBe(true);
    expect(await wim.exists(2, '/net/absent.inf')).toBe(false);
    await expect(wim.exists(3, '/')).rejects.toMatchObject({ code: 'IMAGE_NOT_FOUND' });
    await wim.verify();
    await exec(['wimlib-imagex', 'verify', at('content.wim')]);
  });

  it('comes back as it was, whole or in part', async () => {
    await makeDrivers(at('drivers'));
    using made = await WimFile.create('XPRESS');
    await made.addFolder(at('drivers'), 'drivers');
    await made.write(at('drivers.wim'));
    using wim = await WimFile.open(at('drivers.wim'));
    await wim.applyToFolder(1, at('whole'));
    await exec(['diff', '-r', at('drivers'), at('whole')]);
    await wim.extractPaths(1, ['/NET/E1D.INF', 'leer ü 日本.txt'], at('part'));
    expect(await readdir(at('part'), { recursive: true })).toEqual(
      expect.arrayContaining(['net', join('net', 'e1d.inf'), 'leer ü 日本.txt']),
    );
    await wim.extractPaths(1, ['/net/e1d.inf'], at('flat'), { flat: true });
    expect(await readdir(at('flat'))).toEqual(['e1d.inf']);
    await expect(wim.extractPaths(1, ['/net/e1d.inf', '/absent'], at('none'))).rejects.toMatchObject({
      code: 'SOURCE_NOT_FOUND',
    });
  });
});

it('exports images with a name, a property and the boot flag, from a file closed before', async () => {
  await makeDrivers(at('source'));
  const destination = await WimFile.create('LZX');
  {
    using made = await WimFile.create('XPRESS');
    await made.addFolder(at('source'), 'first', { created: new Date(0) });
    await made.addFolder(at('source'), 'second');
    await made.write(at('source.wim'));
    using source = await WimFile.open(at('source.wim'));
    await source.exportImage(2, destination, { name: 'Boot', boot: true });
    await source.exportImage(1, destination);
  }
  destination.setProperty(1, 'WINDOWS/ARCH', '9');
  destination.setProperty(1, 'WINDOWS/EDITIONID', 'WindowsPE');
  await destination.write(at('exported.wim'));
  destination[Symbol.dispose]();
  using exported = await WimFile.open(at('exported.wim'));
  expect(exported.info).toMatchObject({ compression: 'LZX', bootIndex: 1 });
  expect(exported.images()).toMatchObject([
    { name: 'Boot', files: 5, windows: { architecture: 'x64', edition: 'WindowsPE' } },
    { name: 'first' },
  ]);
  await exported.verify();
  expect((await exec(['wimlib-imagex', 'info', at('exported.wim'), '2'])).stdout).toMatch(/Creation Time:.* 1970 UTC/);
});

describe('an NTFS volume in a file', () => {
  it('keeps names, times, attributes, security, streams and links through apply and capture', async () => {
    await makeDrivers(at('source'));
    await link(at('source', 'net', 'e1d.sys'), at('source', 'hard-link.sys'));
    using made = await WimFile.create('LZX');
    await made.addFolder(at('source'), 'source');
    await made.write(at('source.wim'));
    using source = await WimFile.open(at('source.wim'));
    await makeNtfs(at('first.img'), 64);
    const progress: WimProgress[] = [];
    await source.applyToNtfsVolume(1, at('first.img'), { onProgress: (now) => progress.push(now) });
    const [last] = progress.slice(-1);
    expect(last?.totalBytes).toBeGreaterThan(MEBIBYTE);
    expect(last?.doneBytes).toBe(last?.totalBytes);
    await exec([
      'ntfscp',
      '-f',
      '-N',
      'Zone.Identifier',
      at('first.img'),
      at('source', 'net', 'e1d.inf'),
      '/net/e1d.sys',
    ]);
    await exec(['wimcapture', at('first.img'), at('captured.wim')]);
    const listing = await filesOf(at('captured.wim'));
    expect(listing).toContain('Zone.Identifier');
    expect(listing).toMatch(/Link Count +=\s2/);
    expect(listing).toMatch(/Security Descriptor = 0[0-9a-f]{20}/);

    using captured = await WimFile.open(at('captured.wim'));
    await makeNtfs(at('second.img'), 64);
    await captured.applyToNtfsVolume(1, at('second.img'));
    await exec(['wimcapture', at('second.img'), at('again.wim')]);
    expect(await filesOf(at('again.wim'))).toBe(listing);

    using ours = await WimFile.create('LZX');
    await ours.addNtfsVolume(at('second.img'), 'volume');
    await ours.write(at('ours.wim'));
    expect(await filesOf(at('ours.wim'))).toBe(listing);
  });

  it('that is too small is told as such, and so is one that is none', async () => {
    using wim = await largeImage(16);
    await makeNtfs(at('small.img'), 8);
    await expect(wim.applyToNtfsVolume(1, at('small.img'))).rejects.toMatchObject({
      code: 'VOLUME_TOO_SMALL',
      lines: [expect.stringContaining('No space left')],
    });
    await writeFile(at('none.img'), Buffer.alloc(MEBIBYTE));
    await expect(wim.applyToNtfsVolume(1, at('none.img'))).rejects.toMatchObject({ code: 'IMAGE_APPLY_FAILED' });
  });

  it('can be left half-way, and then formatted and written whole', async () => {
    using wim = await largeImage(32);
    await makeNtfs(at('volume.img'), 64);
    const abort = new AbortController();
    const seen: number[] = [];
    const stopped = wim.applyToNtfsVolume(1, at('volume.img'), {
      signal: abort.signal,
      onProgress: ({ doneBytes, totalBytes }) => {
        seen.push(doneBytes);
        if (doneBytes > totalBytes / 2) abort.abort();
      },
    });
    await expect(stopped).rejects.toMatchObject({ code: 'INTERRUPTED' });
    expect(seen.at(-1)).toBeLessThan(32 * MEBIBYTE);
    await expect(wim.verify({ signal: abort.signal })).rejects.toMatchObject({ code: 'INTERRUPTED' });
    await makeNtfs(at('volume.img'), 64);
    await wim.applyToNtfsVolume(1, at('volume.img'));
    expect((await exec(['ntfscat', at('volume.img'), '/last.txt'])).stdout).toBe('the end');
  });
});

describe('a call', () => {
  it('that is interrupted leaves no file', async () => {
    using wim = await WimFile.create('LZX');
    await makeLarge(at('large'), 16);
    await wim.addFolder(at('large'), 'large');
    const abort = new AbortController();
    const options = { signal: abort.signal, onProgress: () => abort.abort() };
    await expect(wim.write(at('out.wim'), options)).rejects.toMatchObject({ code: 'INTERRUPTED' });
    expect(await readdir(folder)).toEqual(['large']);
  });

  it('ends with what its listener threw', async () => {
    using wim = await largeImage(4);
    const onProgress = () => {
      throw new RangeError('from the listener');
    };
    await expect(wim.verify({ onProgress })).rejects.toThrow(new RangeError('from the listener'));
    await wim.verify();
  });

  it('runs alone on its file, and the file is freed only after it', async () => {
    const wim = await largeImage(4);
    const running = wim.verify();
    await expect(wim.verify()).rejects.toThrow('another call is running');
    wim[Symbol.dispose]();
    await running;
    expect(() => wim.images()).toThrow('the file is closed');
  });

  it.each([
    ['an exit', 'process.exit(7)', 7],
    ['an uncaught exception', 'queueMicrotask(() => { throw new Error("ours"); })', 1],
  ])('does not outlive %s', async (_, deed, exitCode) => {
    using wim = await largeImage(16);
    await wim.write(at('again.wim'));
    const url = pathToFileURL(join(import.meta.dirname, '../../runtime/wim/wim-file.ts')).href;
    await writeFile(
      at('exit.ts'),
      `import { WimFile } from ${JSON.stringify(url)};
       const wim = await WimFile.open(${JSON.stringify(at('again.wim'))});
       await wim.verify({ onProgress: () => { ${deed} } });`,
    );
    const child = await exec([process.execPath, at('exit.ts')], { successCodes: [exitCode], timeoutSeconds: 60 });
    expect(child.stderr.includes('Error: ours')).toBe(exitCode === 1);
  });
});

async function writeContent(path: string, source: string, threads: number, integrity = false): Promise<void> {
  using wim = await WimFile.create('LZX');
  for (const name of ['drivers', 'more']) await wim.addFolder(join(source, name), name);
  wim.setGuid(GUID);
  await wim.write(path, { threads, integrity });
}

async function makeLarge(target: string, mebibytes: number): Promise<void> {
  await mkdir(target);
  await writeFile(join(target, 'large.bin'), randomBytes(mebibytes * MEBIBYTE));
  await writeFile(join(target, 'last.txt'), 'the end');
}

async function largeImage(mebibytes: number): Promise<WimFile> {
  await makeLarge(at('large'), mebibytes);
  using made = await WimFile.create('none');
  await made.addFolder(at('large'), 'large');
  await made.write(at('large.wim'));
  return WimFile.open(at('large.wim'));
}
