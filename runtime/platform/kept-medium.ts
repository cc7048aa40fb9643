import { createReadStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ManifestFile } from '../contract/manifest.ts';
import type { ContentSource, KeepPlace } from './content-source.ts';
import { isKept, keepFile, refuseTooLarge } from './keep-file.ts';
import { discOfFile, partsOf } from './medium-parts.ts';
import type { AskForDisc, Medium, MediumFiles, MountedMedium, TargetDisk, TargetVolume, Task } from './platform.ts';

export type KeptMediumSetup = {
  /** Its root has what was read at once: the manifest, sequences. */
  mounted: MountedMedium;
  /** Their paths on the medium. */
  held: ReadonlySet<string>;
  /** As the manifest lists them; none where it is damaged. */
  files: readonly ManifestFile[];
  source: ContentSource;
  /** `make`: the disk was laid out just now, and what was there is gone. */
  placeOn: (target: TargetDisk, make: boolean) => KeepPlace | undefined;
  /** Where things are kept from the beginning. */
  place?: KeepPlace;
  log: (level: 'info' | 'warning', message: string) => void;
};

/**
 * A medium of which the manifest and the sequences are held in memory. Everything else is read where it is, or kept where
 * a program must open it: on the disk that is being deployed, or, before there is one, in memory.
 */
export class KeptMedium implements MediumFiles {
  readonly mounted: MountedMedium;
  readonly #held: ReadonlySet<string>;
  readonly #files: ReadonlyMap<string, ManifestFile>;
  readonly #source: ContentSource;
  readonly #placeOn: KeptMediumSetup['placeOn'];
  readonly #log: KeptMediumSetup['log'];
  /** By path on the medium. */
  readonly #kept = new Map<string, string>();
  #place: KeepPlace | undefined;
  /** The disk it is on. */
  #device: string | undefined;

  constructor({ mounted, held, files, source, placeOn, place, log }: KeptMediumSetup) {
    this.mounted = mounted;
    this.#held = held;
    this.#files = new Map(files.map((file) => [file.path, file]));
    this.#source = source;
    this.#placeOn = placeOn;
    this.#place = place;
    this.#log = log;
  }

  filesToVerify(files: readonly ManifestFile[], needed?: ReadonlySet<string>): readonly ManifestFile[] {
    return this.#source.filesToVerify(files, needed);
  }

  readMediumFile({ root }: MountedMedium, path: string, signal: AbortSignal): AsyncIterable<Uint8Array> {
    if (this.#held.has(path)) return createReadStream(join(root, path), { signal });
    return this.#source.read(this.#files.get(path) ?? { path, bytes: 0, sha256: '' }, signal);
  }

  async mediumFile({ root, manifest }: Medium, path: string, task: Task): Promise<string> {
    if (this.#held.has(path)) return join(root, path);
    const signal = task.signal ?? new AbortController().signal;
    const parts = partsOf(manifest.files, path);
    const kept = await this.#findKept(parts, signal);
    const located = kept ?? (await this.#source.locate(parts, signal));
    if (located !== undefined) return located;
    await this.#keep(parts, path, task);
    return this.#kept.get(path) ?? path;
  }

  async keepFiles(_medium: Medium, files: readonly ManifestFile[], task: Task): Promise<void> {
    const signal = task.signal ?? new AbortController().signal;
    const missing: ManifestFile[] = [];
    for (const file of files) {
      if (this.#held.has(file.path) || (await this.#findKept([file], signal)) !== undefined) continue;
      missing.push(file);
    }
    if (missing.length > 0) await this.#keep(missing, 'the content of the medium', task);
    await this.#source.release();
  }

  askForDiscs(ask: AskForDisc | undefined): void {
    this.#source.askForDiscs(ask);
  }

  missingDiscs(_medium: MountedMedium, discs: readonly number[]): Promise<number[]> {
    return this.#source.missingDiscs(discs);
  }

  /** What is kept from now on goes to this disk. What was on it is gone. */
  useDisk(target: TargetDisk): void {
    this.#forget();
    this.#use(target, true);
  }

  /** A disk is about to be laid out: what is kept on it is let go, what is kept on another is taken away. */
  async letGo({ device }: { device: string }): Promise<void> {
    if (this.#device === device) await this.#place?.leave();
    else await this.clearDisk();
  }

  /** A volume was formatted: what was kept in its file system is gone. */
  forgetVolume({ number }: TargetVolume): void {
    if (this.#place?.within === number) this.#forget();
  }

  /** What an earlier start has kept on this disk is there, if it can be read. */
  goOnWithDisk(target: TargetDisk): void {
    this.#use(target, false);
  }

  /** The drive that has the medium now, if it is still there. */
  find(medium: MountedMedium): Promise<MountedMedium | undefined> {
    return this.#source.find(medium);
  }

  /** Takes everything that was kept off the disk. False where there is none. */
  async clearDisk(): Promise<boolean> {
    const place = this.#place;
    if (place === undefined) return false;
    this.#place = undefined;
    this.#kept.clear();
    await place.clear();
    return true;
  }

  /** Until the next start, which may go on. */
  async leaveDisk(): Promise<void> {
    await this.#place?.leave();
    await this.#source.release();
  }

  /** Nothing can be read from now on. */
  async close(): Promise<void> {
    await this.#source.close();
    await this.clearDisk();
  }

  #use(target: TargetDisk, make: boolean): void {
    this.#place = this.#placeOn(target, make);
    this.#device = target.device;
  }

  /** All that lies on the disk. */
  #forget(): void {
    const memory = this.mounted.root;
    for (const [path, file] of this.#kept) if (!file.startsWith(memory)) this.#kept.delete(path);
  }

  /** All parts are kept, by this start or by one before it. */
  async #findKept(parts: readonly ManifestFile[], signal: AbortSignal): Promise<string | undefined> {
    const [first] = parts;
    if (first === undefined) return undefined;
    const folder = parts.every(({ path }) => this.#kept.has(path)) ? undefined : await this.#place?.open();
    for (const part of parts) {
      if (this.#kept.has(part.path)) continue;
      const file = folder === undefined ? undefined : join(folder, part.path);
      if (file === undefined || !(await isKept(file, part, signal))) return undefined;
      this.#kept.set(part.path, file);
    }
    return this.#kept.get(first.path);
  }

  async #keep(files: readonly ManifestFile[], what: string, { signal, onProgress }: Task): Promise<void> {
    const stop = signal ?? new AbortController().signal;
    const totalBytes = files.reduce((sum, { bytes }) => sum + bytes, 0);
    const folder = await this.#folderFor(what, totalBytes);
    this.#log('info', `copying ${what} to ${folder}`);
    let doneBytes = 0;
    const onBytes = (count: number): void => {
      doneBytes += count;
      onProgress?.({ doneBytes, totalBytes });
    };
    for (const file of files.toSorted((a, b) => discOfFile(a) - discOfFile(b))) {
      const target = join(folder, file.path);
      try {
        await keepFile(this.#source.read(file, stop), file, target, { hint: this.#source.hint, onBytes });
      } catch (error) {
        stop.throwIfAborted();
        throw this.#source.explain(file, error);
      }
      this.#kept.set(file.path, target);
    }
  }

  async #folderFor(what: string, bytes: number): Promise<string> {
    const place = this.#place;
    const opened = await place?.open();
    const folder = opened ?? this.mounted.root;
    await mkdir(folder, { recursive: true });
    const hint =
      place === undefined || opened === undefined
        ? 'Put the format-and-partition-disk step before this one: then it can lie on the disk meanwhile.'
        : `Make the volume "${place.name}" larger: it must hold the file beside what comes out of it.`;
    await refuseTooLarge(folder, what, bytes, hint);
    return folder;
  }
}
