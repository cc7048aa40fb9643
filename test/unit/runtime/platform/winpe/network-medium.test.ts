import { randomBytes } from 'node:crypto';
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { hashBytes } from '../../../../../builder/hash.ts';
import { finishedFiles } from '../../../../../builder/manifest-draft.ts';
import type { Manifest } from '../../../../../runtime/contract/manifest.ts';
import { readManifest, verifyFiles } from '../../../../../runtime/engine/verify-medium.ts';
import type { Medium, TargetDisk } from '../../../../../runtime/platform/platform.ts';
import { openNetworkMedium } from '../../../../../runtime/platform/winpe/network-medium.ts';
import { MEDIUM_ID, PACKAGE, writeFakeMedium } from '../../../../helpers/fake-medium.ts';
import { temporaryFolder, writeFiles } from '../../../../helpers/temporary-folder.ts';
import { WebServer } from '../../../../helpers/web-server.ts';
import { type TestHost, winpeHost } from '../../../../helpers/winpe-host.ts';

const MIB = 1024 ** 2;
const LARGE = 'mediasmith/images/large.wim';
const SPLIT = ['', '2', '3'].map((number) => `mediasmith/images/split${number}.swm`);
const CONTENTS: Readonly<Record<string, Uint8Array>> = {
  [LARGE]: randomBytes(25 * MIB + 5),
  ...Object.fromEntries(SPLIT.map((path) => [path, randomBytes(1000)])),
  'mediasmith/images/split5.swm': Buffer.from('of another image'),
  'mediasmith/images/empty.wim': Buffer.alloc(0),
  'sources/boot.wim': Buffer.from('what WinPE was started with'),
};
const VOLUME = { name: 'Windows', role: 'primary', number: 1, startBytes: 0, fileSystem: 'ntfs' } as const;
const TARGET: TargetDisk = {
  ...{ device: 'PhysicalDrive0', style: 'gpt', identity: '' },
  volumes: [
    { ...VOLUME, name: 'Data', bytes: 1, device: 'V:\\' },
    { ...VOLUME, bytes: 3, device: 'W:\\' },
    { ...VOLUME, name: 'System', bytes: 4, device: 'S:\\', fileSystem: 'fat32' },
  ],
};
const { signal } = new AbortController();

type Served = AsyncDisposable & { server: WebServer; host: TestHost; url: string };

/** A web server with a medium below an address, and a WinPE that was started from there. */
async function serve(): Promise<Served> {
  const folder = await temporaryFolder();
  const { files, ...manifest } = await writeFakeMedium(folder, [{ id: 'a', name: 'A' }]);
  const medium = join(folder, 'medium');
  const hashes = new Map(files.map(({ path, sha256 }) => [path, sha256]));
  for (const [path, data] of Object.entries(CONTENTS)) hashes.set(path, hashBytes(data));
  const added = Object.entries(CONTENTS).map(([path, data]) => ({ path, bytes: data.length }));
  await writeFiles(medium, CONTENTS);
  const draft = { ...manifest, files: [...files.map(({ path, bytes }) => ({ path, bytes })), ...added] };
  await writeFiles(medium, Object.fromEntries(finishedFiles(draft, hashes)));
  const server = await WebServer.start(folder);
  return {
    server,
    host: await winpeHost(),
    url: `http://127.0.0.1:${server.port}/medium/`,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

async function open({ host, url }: Served, patienceSeconds?: number) {
  const network = await openNetworkMedium(host, {
    ...{ url, id: MEDIUM_ID, signal },
    ...(patienceSeconds !== undefined && { patienceSeconds }),
  });
  const medium: Medium = { ...network.mounted, manifest: await readManifest(network.mounted.root) };
  return { network, medium };
}

/** Changes a byte of a file and nothing else. */
async function damage(file: string): Promise<void> {
  const data = await readFile(file);
  data[data.length - 1] = 255 - (data[data.length - 1] ?? 0);
  await writeFile(file, data);
}

it('fetches the manifest and the sequences, and nothing else', async () => {
  await using served = await serve();
  const { network, medium } = await open(served);
  const { url } = served;
  expect(network.mounted).toEqual({ root: medium.root, device: url, disk: '', launchMode: 'PXE', address: url });
  expect(served.server.requests).toEqual([
    '/medium/mediasmith/manifest.json',
    '/medium/mediasmith/manifest.json.sha256',
    '/medium/mediasmith/manifest.json.minisig',
    '/medium/mediasmith/sequences/a.json',
  ]);
  expect(JSON.parse(await readFile(join(medium.root, 'mediasmith/sequences/a.json'), 'utf8'))).toMatchObject({
    id: 'a',
  });
  await network.close();
});

it('is verified where it is, as far as it is needed', async () => {
  await using served = await serve();
  const { network, medium } = await open(served);
  const all = medium.manifest.files;
  expect(network.filesToVerify(all).map(({ path }) => path)).toEqual(['mediasmith/sequences/a.json']);
  const files = network.filesToVerify(all, new Set([PACKAGE.file, SPLIT[0] ?? '']));
  expect(files.map(({ path }) => path)).toEqual([PACKAGE.file, ...SPLIT]);
  const verify = (listed: Manifest['files']): Promise<void> =>
    verifyFiles((path, stop) => network.readMediumFile(medium, path, stop), listed, { signal, onProgress: () => {} });
  await verify([...files]);
  await damage(join(served.server.folder, 'medium', PACKAGE.file));
  await rm(join(served.server.folder, 'medium', SPLIT[1] ?? ''));
  const again = await open(served);
  await expect(
    verifyFiles((path, stop) => again.network.readMediumFile(medium, path, stop), files, {
      ...{ signal, onProgress: () => {} },
    }),
  ).rejects.toMatchObject({
    code: 'MEDIUM_CORRUPT',
    lines: [
      `${PACKAGE.file}: its content has changed`,
      `${SPLIT[1]}: cannot be read (${SPLIT[1]}: the web server answered HTTP 404)`,
    ],
  });
  // The first reader knows which version it has verified.
  await expect(verify(files.filter(({ path }) => path === PACKAGE.file))).rejects.toMatchObject({
    lines: [expect.stringContaining('was changed on the web server meanwhile')],
  });
});

it('is found when it is damaged, so that the damage can be named', async () => {
  await using served = await serve();
  await writeFile(join(served.server.folder, 'medium/mediasmith/manifest.json'), '{ and then nothing');
  const network = await openNetworkMedium(served.host, { url: served.url, id: MEDIUM_ID });
  await expect(readManifest(network.mounted.root)).rejects.toMatchObject({ code: 'MEDIUM_CORRUPT' });
});

it('is not another medium', async () => {
  await using served = await serve();
  const opening = openNetworkMedium(served.host, { url: served.url, id: '00000000-0000-4000-8000-000000000000' });
  await expect(opening).rejects.toMatchObject({
    code: 'MEDIUM_NOT_FOUND',
    message: expect.stringContaining(`is another medium: ${MEDIUM_ID}`),
  });
});

it('is not found where no server answers, or where the folder is not', async () => {
  await using served = await serve();
  await expect(open({ ...served, url: `${served.url}else/` })).rejects.toMatchObject({
    code: 'MEDIUM_NOT_FOUND',
    lines: [expect.stringContaining('HTTP 404')],
  });
  await served.server.switchOff();
  await expect(open(served, 0)).rejects.toMatchObject({
    code: 'MEDIUM_NOT_FOUND',
    lines: [expect.stringMatching(/has not answered for \d+ s/)],
  });
});

it('gives a file that lies on the largest NTFS volume until the disk starts', async () => {
  await using served = await serve();
  const { network, medium } = await open(served);
  network.useDisk(TARGET);
  const progress: { doneBytes: number; totalBytes: number }[] = [];
  const file = await network.mediumFile(medium, LARGE, { signal, onProgress: (done) => progress.push(done) });
  const volume = served.host.drive('W');
  expect(file).toBe(join(volume, '_mediasmith', LARGE));
  expect((await readFile(file)).equals(CONTENTS[LARGE] ?? Buffer.alloc(0))).toBe(true);
  const totalBytes = CONTENTS[LARGE]?.length;
  expect(progress.at(-1)).toEqual({ doneBytes: totalBytes, totalBytes });
  const { length } = served.server.requests;
  expect(await network.mediumFile(medium, LARGE, { signal })).toBe(file);
  expect(served.server.requests.length).toBe(length);
  await network.clearDisk();
  expect(await readdir(volume)).toEqual([]);
});

it('gives all parts of a split image, and an empty file', async () => {
  await using served = await serve();
  const { network, medium } = await open(served);
  network.useDisk(TARGET);
  const first = await network.mediumFile(medium, SPLIT[0] ?? '', { signal });
  expect((await readdir(join(first, '..'))).sort()).toEqual(['split.swm', 'split2.swm', 'split3.swm']);
  for (const path of SPLIT) {
    expect(hashBytes(await readFile(join(served.host.drive('W'), '_mediasmith', path)))).toBe(
      hashBytes(CONTENTS[path] ?? Buffer.alloc(0)),
    );
  }
  expect((await stat(await network.mediumFile(medium, 'mediasmith/images/empty.wim', { signal }))).size).toBe(0);
});

it('keeps in memory what is needed before there is a disk, and fetches anew what a new layout took away', async () => {
  await using served = await serve();
  const { network, medium } = await open(served);
  const early = await network.mediumFile(medium, PACKAGE.file, { signal });
  expect(early).toBe(join(medium.root, PACKAGE.file));
  network.useDisk(TARGET);
  const image = await network.mediumFile(medium, SPLIT[0] ?? '', { signal });
  await rm(served.host.drive('W'), { recursive: true });
  network.useDisk(TARGET);
  expect(await network.mediumFile(medium, PACKAGE.file, { signal })).toBe(early);
  expect(await network.mediumFile(medium, SPLIT[0] ?? '', { signal })).toBe(image);
  expect((await stat(image)).size).toBe(1000);
});

it('says where there is no room, and what to do', async () => {
  await using served = await serve();
  const { network, medium } = await open(served);
  const files = medium.manifest.files.map((file) => ({ ...file, bytes: file.path === LARGE ? 2 ** 60 : file.bytes }));
  const larger: Medium = { ...medium, manifest: { ...medium.manifest, files } };
  await expect(network.mediumFile(larger, LARGE, { signal })).rejects.toMatchObject({
    code: 'NO_SPACE',
    message: expect.stringContaining(`${LARGE} needs 1048576 TB`),
    hint: expect.stringContaining('format-and-partition-disk'),
  });
  network.useDisk(TARGET);
  await expect(network.mediumFile(larger, LARGE, { signal })).rejects.toMatchObject({
    code: 'NO_SPACE',
    hint: expect.stringContaining('"Windows"'),
  });
});

it('goes on where it broke off when the server comes back', async () => {
  await using served = await serve();
  const { server, host } = served;
  const { network, medium } = await open(served);
  network.useDisk(TARGET);
  const said = Promise.withResolvers<void>();
  host.log = (level, message) => {
    host.messages.push(`${level}: ${message}`);
    if (message.includes('does not answer')) said.resolve();
  };
  let answers = 0;
  server.interfere = (request, response) => {
    answers += 1;
    // By then the first four pieces have been asked for, and one of them has been taken.
    if (answers !== 5) return false;
    // The beginning of a range comes, then everything breaks off.
    const [, from = '0'] = /bytes=(\d+)-/.exec(request.headers.range ?? '') ?? [];
    const data = CONTENTS[LARGE] ?? Buffer.alloc(0);
    const start = Number(from);
    response.writeHead(206, { 'Content-Range': `bytes ${start}-${start + 4 * MIB - 1}/${data.length}` });
    response.write(data.subarray(start, start + 100_000), () => void server.switchOff());
    return true;
  };
  const fetching = network.mediumFile(medium, LARGE, { signal });
  await said.promise;
  await server.switchOn();
  const file = await fetching;
  expect(hashBytes(await readFile(file))).toBe(hashBytes(CONTENTS[LARGE] ?? Buffer.alloc(0)));
  expect(host.messages).toContainEqual(expect.stringMatching(/^warning: the web server answers again after \d+ s/));
  // What had been taken before is not asked for again.
  expect(server.requests.filter((line) => line.includes('large.wim bytes=0-')).length).toBe(1);
});

it('leaves no file that is not what the manifest says', async () => {
  await using served = await serve();
  const { network, medium } = await open(served);
  network.useDisk(TARGET);
  await damage(join(served.server.folder, 'medium', LARGE));
  await expect(network.mediumFile(medium, LARGE, { signal })).rejects.toMatchObject({
    code: 'MEDIUM_CORRUPT',
    where: LARGE,
  });
  await expect(stat(join(served.host.drive('W'), '_mediasmith', LARGE))).rejects.toMatchObject({ code: 'ENOENT' });
  await rm(join(served.server.folder, 'medium', PACKAGE.file));
  await expect(network.mediumFile(medium, PACKAGE.file, { signal })).rejects.toMatchObject({
    code: 'MEDIUM_CORRUPT',
    message: expect.stringContaining('HTTP 404'),
  });
  await network.close();
  expect(await readdir(served.host.drive('W'))).toEqual([]);
});

it('ends when the server stays away, and at once when it is interrupted', async () => {
  await using served = await serve();
  const { network, medium } = await open(served, 0);
  await served.server.switchOff();
  await expect(network.mediumFile(medium, LARGE, { signal })).rejects.toMatchObject({ code: 'MEDIUM_NOT_FOUND' });
  const patient = new AbortController();
  await served.server.switchOn();
  const { network: other } = await open(served, 1000);
  await served.server.switchOff();
  const fetching = other.mediumFile(medium, LARGE, { signal: patient.signal });
  const reason = new Error('enough');
  patient.abort(reason);
  await expect(fetching).rejects.toBe(reason);
});
