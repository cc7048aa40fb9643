import { createReadStream } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type ManifestFile, MEDIUM_PATHS } from '../../contract/manifest.ts';
import { WebError, WebFiles } from '../../host/web-files.ts';
import { webStream } from '../../host/web-stream.ts';
import { partPath } from '../../wim/split-parts.ts';
import { listedFiles } from '../listed-files.ts';
import { manifestIdAt } from '../manifest-id.ts';
import type { Medium, MediumFiles, MountedMedium, TargetDisk, TargetVolume, Task } from '../platform.ts';
import { tryTo, type WinpeHost } from './host.ts';
import { download, refuseTooLarge } from './network-download.ts';
import { damaged, refuseAway, refuseOther, unreachable } from './network-errors.ts';
import { letterOf } from './volumes.ts';

/** How long the web server may be away: also how long an address may take to come. */
const PATIENCE_SECONDS = 60;
/** In memory, beside the runtime. */
const MEMORY_FOLDER = 'network';
/** On the disk that is being deployed; gone before the disk starts. */
const DISK_FOLDER = '_mediasmith';
const SEQUENCES = `${MEDIUM_PATHS.sequences}/`;

/** Without an id: whatever medium is there. */
export type NetworkMediumWish = {
  url: string;
  id: string | undefined;
  signal?: AbortSignal | undefined;
  patienceSeconds?: number;
};

/**
 * The medium below an address of a web server. Its manifest and sequences are fetched at once, everything else is read
 * where it is, or fetched when a program must open it: onto the disk that is being deployed, or, before there is one,
 * into the memory WinPE runs in.
 */
export class NetworkMedium implements MediumFiles {
  readonly mounted: MountedMedium;
  readonly #host: WinpeHost;
  readonly #web: WebFiles;
  readonly #sizes: ReadonlyMap<string, number>;
  /** Paths on the medium that are below its root. */
  readonly #held: ReadonlySet<string>;
  readonly #fetched = new Map<string, string>();
  #target: TargetVolume | undefined;

  private constructor(
    host: WinpeHost,
    web: WebFiles,
    mounted: MountedMedium,
    files: readonly ManifestFile[],
    held: ReadonlySet<string>,
  ) {
    this.#host = host;
    this.#web = web;
    this.mounted = mounted;
    this.#sizes = new Map(files.map(({ path, bytes }) => [path, bytes]));
    this.#held = held;
  }

  /** `MEDIUM_NOT_FOUND` for a server that does not answer and for another medium. A damaged one is found all the same. */
  static async open(host: WinpeHost, wish: NetworkMediumWish): Promise<NetworkMedium> {
    const { url, id, signal, patienceSeconds = PATIENCE_SECONDS } = wish;
    const web = new WebFiles(new URL(url), (line) => host.log('warning', line), patienceSeconds);
    const root = join(host.startFolder, MEMORY_FOLDER);
    try {
      await rm(root, { recursive: true, force: true });
      const held = new Set<string>();
      const hold = async (path: string): Promise<Buffer> => {
        const data = await web.readWhole(path, signal);
        await mkdir(dirname(join(root, path)), { recursive: true });
        await writeFile(join(root, path), data);
        held.add(path);
        return data;
      };
      const files = listedFiles(await hold(MEDIUM_PATHS.manifest));
      await hold(MEDIUM_PATHS.manifestDigest);
      await hold(MEDIUM_PATHS.manifestSignature).catch(refuseAway);
      refuseOther(url, id, await manifestIdAt(root));
      for (const { path } of files) {
        // One that is not there is damage, which the verification names.
        if (path.startsWith(SEQUENCES)) await hold(path).catch(refuseAway);
      }
      return new NetworkMedium(host, web, { root, device: url, disk: '', launchMode: 'PXE' }, files, held);
    } catch (error) {
      web.close();
      throw error instanceof WebError ? unreachable(url, error) : error;
    }
  }

  filesToVerify(files: readonly ManifestFile[], needed?: ReadonlySet<string>): readonly ManifestFile[] {
    if (needed === undefined) return files.filter(({ path }) => path.startsWith(SEQUENCES));
    return [...needed].flatMap((path) => partsOf(files, path));
  }

  readMediumFile({ root }: MountedMedium, path: string, signal: AbortSignal): AsyncIterable<Uint8Array> {
    if (this.#held.has(path)) return createReadStream(join(root, path), { signal });
    return this.#read(path, signal);
  }

  async mediumFile({ root, manifest }: Medium, path: string, { signal, onProgress }: Task): Promise<string> {
    if (this.#held.has(path)) return join(root, path);
    const earlier = this.#fetched.get(path);
    if (earlier !== undefined) return earlier;
    const parts = partsOf(manifest.files, path);
    const totalBytes = parts.reduce((sum, { bytes }) => sum + bytes, 0);
    const folder = await this.#placeFor(path, totalBytes);
    this.#host.log('info', `fetching ${path} to ${folder}`);
    const stop = signal ?? new AbortController().signal;
    let doneBytes = 0;
    for (const part of parts) {
      const content = this.#read(part.path, stop);
      await download(content, part, join(folder, part.path), (count) => {
        doneBytes += count;
        onProgress?.({ doneBytes, totalBytes });
      }).catch((error) => {
        throw error instanceof WebError ? damaged(part.path, error) : error;
      });
    }
    const file = join(folder, path);
    this.#fetched.set(path, file);
    return file;
  }

  /** What is fetched from now on goes to this disk. What was on it is gone. */
  useDisk({ volumes }: TargetDisk): void {
    const memory = this.mounted.root;
    for (const [path, file] of this.#fetched) if (!file.startsWith(memory)) this.#fetched.delete(path);
    const [largest] = volumes.filter(({ fileSystem }) => fileSystem === 'ntfs').sort((a, b) => b.bytes - a.bytes);
    this.#target = largest;
  }

  /** Takes everything that was fetched off the disk. */
  async clearDisk(): Promise<void> {
    const target = this.#target;
    if (target === undefined) return;
    this.#target = undefined;
    this.#fetched.clear();
    await tryTo(this.#host, () => rm(this.#diskFolder(target), { recursive: true, force: true }));
  }

  /** Nothing can be read from now on. */
  async close(): Promise<void> {
    this.#web.close();
    await this.clearDisk();
  }

  async *#read(path: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    try {
      yield* webStream(this.#web, path, this.#sizes.get(path) ?? 0, signal);
    } catch (error) {
      throw error instanceof WebError && error.code === 'ETIMEDOUT' ? unreachable(this.mounted.device, error) : error;
    }
  }

  async #placeFor(path: string, bytes: number): Promise<string> {
    const target = this.#target;
    const folder = target === undefined ? this.mounted.root : this.#diskFolder(target);
    await mkdir(folder, { recursive: true });
    const hint =
      target === undefined
        ? 'Put the format-and-partition-disk step before this one: then it can lie on the disk meanwhile.'
        : `Make the volume "${target.name}" larger: it must hold the file beside what comes out of it.`;
    await refuseTooLarge(folder, path, bytes, hint);
    return folder;
  }

  #diskFolder(volume: TargetVolume): string {
    return join(this.#host.drive(letterOf(volume)), DISK_FOLDER);
  }
}

/** The file and, where it is the first part of a split image, the others. */
function partsOf(files: readonly ManifestFile[], path: string): ManifestFile[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const first = byPath.get(path);
  if (first === undefined) throw new Error(`the manifest does not list ${path}`);
  const parts = [first];
  if (!/\.swm$/i.test(path)) return parts;
  for (;;) {
    const next = byPath.get(partPath(path, parts.length + 1).replaceAll('\\', '/'));
    if (next === undefined) return parts;
    parts.push(next);
  }
}
