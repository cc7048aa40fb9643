import { randomBytes } from 'node:crypto';
import { chmod, copyFile, mkdir, open, readdir, readFile, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { hashBytes } from '../../builder/hash.ts';
import { finishedFiles } from '../../builder/manifest-draft.ts';
import type { Signer } from '../../builder/signing/signer.ts';
import { MEDIUM_PATHS } from '../../runtime/contract/manifest.ts';
import { readManifest } from '../../runtime/engine/verify-medium.ts';
import { type Exec, exec } from '../../runtime/host/exec.ts';
import { mountNetworkMedium, mountUrlArgv } from '../../runtime/platform/linux/network-medium.ts';
import { aDraft } from '../helpers/manifest.ts';
import { aSigner } from '../helpers/signing-key.ts';
import { ROOT } from '../helpers/sources.ts';
import { temporaryFolder, writeFiles } from '../helpers/temporary-folder.ts';
import { WebServer } from '../helpers/web-server.ts';

const ID = '11111111-2222-4333-8444-555555555555';
const LARGE = 'mediasmith/images/large.wim';
const MIB = 1024 ** 2;

const FILES: Record<string, Uint8Array> = {
  [LARGE]: randomBytes(24 * MIB + 123),
  'boot/vmlinuz': Buffer.from('a kernel'),
  'mediasmith/images/odd name #1 ü%41.wim': Buffer.from('odd'),
  'mediasmith/empty': Buffer.alloc(0),
};

describe('a medium on a web server', () => {
  it('is mounted as the files its manifest lists', async () => {
    const { server, root, device } = await mounted();
    expect(device).toBe(`http://127.0.0.1:${server.port}/`);
    expect((await readdir(root, { recursive: true })).sort()).toEqual([
      ...['boot', 'boot/vmlinuz', 'mediasmith', 'mediasmith/empty', 'mediasmith/images', LARGE],
      ...['mediasmith/images/odd name #1 ü%41.wim', 'mediasmith/manifest.json', 'mediasmith/manifest.json.sha256'],
    ]);
    for (const [path, data] of Object.entries(FILES)) {
      expect((await stat(join(root, path))).size).toBe(data.length);
      expect((await readFile(join(root, path))).equals(data), path).toBe(true);
    }
    await expect(stat(join(root, 'not-there'))).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(writeFile(join(root, 'boot/vmlinuz'), '')).rejects.toMatchObject({ code: 'EROFS' });
    expect((await statfs(root)).bsize).toBe(4096);
  });

  it('has its signature, where it is signed', async () => {
    const signer = await aSigner();
    const { folder, root } = await mounted({ signer });
    const path = MEDIUM_PATHS.manifestSignature;
    expect(await readFile(join(root, path), 'utf8')).toBe(await readFile(join(folder, path), 'utf8'));
    expect((await readManifest(root, { publicKey: signer.publicKey.line })).id).toBe(ID);
  });

  it('is read where it is asked for, and in large pieces where it is read from end to end', async () => {
    const { server, root } = await mounted();
    await using file = await open(join(root, LARGE), 'r');
    const { buffer } = await file.read(Buffer.alloc(5), 0, 5, 20 * MIB + 1);
    expect(buffer.equals(Buffer.from(FILES[LARGE] ?? []).subarray(20 * MIB + 1, 20 * MIB + 6))).toBe(true);
    const before = server.requests.length;
    expect(server.requests.filter((request) => request.includes('bytes=0-'))).toEqual([]);
    await readFile(join(root, LARGE));
    expect(server.requests.length - before).toBeLessThan(60);
  });

  it('goes on where a connection broke off', async () => {
    const { server, root } = await mounted();
    let broken = 0;
    server.interfere = (request, response) => {
      const range = /bytes=(\d+)-(\d+)/.exec(request.headers.range ?? '');
      if (range === null || broken === 10) return false;
      broken += 1;
      const [start, end] = [Number(range[1]), Number(range[2])];
      response.writeHead(206, {
        'Content-Length': end - start + 1,
        'Content-Range': `bytes ${start}-${end}/${FILES[LARGE]?.length}`,
      });
      const sent = FILES[LARGE]?.subarray(start, start + 1000);
      response.write(sent, () => response.destroy());
      return true;
    };
    expect(hashBytes(await readFile(join(root, LARGE)))).toBe(hashBytes(FILES[LARGE] ?? Buffer.alloc(0)));
    expect(broken).toBe(10);
    const starts = server.requests.flatMap((request) => /bytes=(\d+)-/.exec(request)?.[1] ?? []);
    expect(starts.some((start) => Number(start) % 4096 === 1000)).toBe(true);
  });

  it('survives a web server that is away for a while, and says so', async () => {
    const { server, root, said } = await mounted();
    await server.switchOff();
    const reading = readFile(join(root, LARGE));
    await said.waitFor(/does not answer \(.*ECONNREFUSED.*\): trying again/);
    await server.switchOn();
    expect((await reading).equals(FILES[LARGE] ?? Buffer.alloc(0))).toBe(true);
    await said.waitFor(/answers again after \d+ s/);
  });

  it('gives up at last, with an error that says what is wrong', async () => {
    const { server, root, said } = await mounted({ patienceSeconds: 2 });
    await server.switchOff();
    await expect(readFile(join(root, LARGE))).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    await said.waitFor(/large\.wim: the web server http:\S+ has not answered for [2-9] s/);
  });

  it('says which file the web server has not, or has otherwise', async () => {
    const { folder, root, said } = await mounted();
    await rm(join(folder, 'boot/vmlinuz'));
    await expect(readFile(join(root, 'boot/vmlinuz'))).rejects.toMatchObject({ code: 'ENOENT' });
    await said.waitFor(/boot\/vmlinuz: the web server answered HTTP 404/);
    await writeFile(join(folder, LARGE), 'short');
    await expect(readFile(join(root, LARGE))).rejects.toMatchObject({ code: 'EIO' });
    await said.waitFor(/large\.wim: .*(HTTP 416|has \d+ bytes by the manifest)/);
  });

  it('is not mixed from two versions of a file', async () => {
    const { folder, root, said } = await mounted();
    await using file = await open(join(root, LARGE), 'r');
    await file.read(Buffer.alloc(5), 0, 5, 0);
    await writeFile(join(folder, LARGE), FILES[LARGE] ?? '');
    await expect(readFile(join(root, LARGE))).rejects.toMatchObject({ code: 'EIO' });
    await said.waitFor(/large\.wim: was changed on the web server meanwhile/);
  });

  it('needs a web server that answers byte ranges', async () => {
    const { server, root, said } = await mounted();
    server.interfere = (_request, response) => {
      response.end(FILES[LARGE]);
      return true;
    };
    await expect(readFile(join(root, LARGE))).rejects.toMatchObject({ code: 'EIO' });
    await said.waitFor(/does not answer byte ranges/);
  });

  it('shows a damaged manifest, for the one who verifies it', async () => {
    const { root } = await mounted({ manifest: 'not JSON' });
    expect(await readdir(join(root, 'mediasmith'))).toEqual(['manifest.json', 'manifest.json.sha256']);
    expect(await readFile(join(root, 'mediasmith/manifest.json'), 'utf8')).toBe('not JSON');
  });
});

it('is refused where it is another medium', async () => {
  await expect(mounted({ id: '99999999-2222-4333-8444-555555555555' })).rejects.toMatchObject({
    code: 'MEDIUM_NOT_FOUND',
    message: expect.stringContaining(`is another medium: ${ID}`),
  });
});

it('is not found where the web server has none, or is not there', async () => {
  const folder = await temporaryFolder();
  await using server = await WebServer.start(folder);
  const url = new URL(`http://127.0.0.1:${server.port}/`);
  const mounting = () => mountNetworkMedium({ exec: serving(2), sys: '/sys', url, id: ID, log: () => undefined });
  await expect(mounting()).rejects.toMatchObject({
    code: 'MEDIUM_NOT_FOUND',
    lines: [expect.stringContaining('manifest.json: the web server answered HTTP 404')],
  });
  await server.switchOff();
  await expect(mounting()).rejects.toMatchObject({
    code: 'MEDIUM_NOT_FOUND',
    lines: expect.arrayContaining([expect.stringMatching(/has not answered for [2-9] s/)]),
  });
});

async function mounted(wish: { id?: string; patienceSeconds?: number; manifest?: string; signer?: Signer } = {}) {
  const folder = await temporaryFolder();
  await writeFiles(folder, FILES);
  for (const [path, data] of finishedFiles(draft(), hashes(), wish.signer)) await writeFiles(folder, { [path]: data });
  if (wish.manifest !== undefined) await writeFile(join(folder, 'mediasmith/manifest.json'), wish.manifest);
  const server = await WebServer.start(folder);
  onTestFinished(() => server.switchOff());
  const said = new Said();
  const medium = await mountNetworkMedium({
    exec: serving(wish.patienceSeconds ?? 60),
    sys: '/sys',
    url: new URL(`http://127.0.0.1:${server.port}/`),
    id: wish.id ?? ID,
    log: (line) => said.add(line),
  });
  onTestFinished(() => exec(['umount', medium.root]).then(() => rm(medium.root, { recursive: true })));
  return { folder, server, said, ...medium };
}

/** The boot environment's own script, with a program beside it that runs the runtime out of the sources. */
function serving(patienceSeconds: number): Exec {
  return async (argv, options) => {
    if (argv[0] !== mountUrlArgv(new URL('http://x/'), '')[0]) return exec(argv, options);
    const place = await temporaryFolder();
    await copyFile(join(ROOT, 'templates/linux/mount-url'), join(place, 'mount-url'));
    const entry = join(ROOT, 'runtime/platform/linux/network/serve-medium.ts');
    const script = `
      const { serveMedium } = await import(${JSON.stringify(entry)});
      const write = (text) => process.stdout.write(text);
      process.exit(await serveMedium(process.argv[2], write, { patienceSeconds: ${patienceSeconds} }));
    `;
    await writeFiles(place, { 'serve.mjs': script });
    await writeFile(join(place, 'mediasmith'), `#!/bin/sh\nshift\nexec ${process.execPath} ${place}/serve.mjs "$@"\n`);
    await chmod(join(place, 'mediasmith'), 0o755);
    await mkdir(join(place, 'work'));
    return exec(['sh', join(place, 'mount-url'), ...argv.slice(1)], options);
  };
}

class Said {
  readonly #lines: string[] = [];
  #changed = Promise.withResolvers<void>();

  add(line: string): void {
    this.#lines.push(line);
    this.#changed.resolve();
    this.#changed = Promise.withResolvers<void>();
  }

  async waitFor(pattern: RegExp): Promise<void> {
    while (!this.#lines.some((line) => pattern.test(line))) await this.#changed.promise;
  }
}

function hashes(): Map<string, string> {
  return new Map(Object.entries(FILES).map(([path, data]) => [path, hashBytes(data)]));
}

function draft() {
  const files = Object.entries(FILES).map(([path, data]) => ({ path, bytes: data.length }));
  return aDraft({ id: ID, files });
}
