import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { discVolumeLabel, parseDiscLabel } from '../contract/disc.ts';
import { isMediasmithError, MediasmithError } from '../contract/errors.ts';
import { type ManifestFile, MEDIUM_PATHS } from '../contract/manifest.ts';
import type { ContentSource } from './content-source.ts';
import { discOfFile } from './medium-parts.ts';
import { isReadAtFirst } from './mounted-files.ts';
import type { AskForDisc, MountedMedium } from './platform.ts';

/** A drive that has a medium of ours now, readable below `root` until it is disposed of. */
export type PresentMedium = AsyncDisposable & { root: string; device: string };

export type DiscSetup = {
  mediumId: string;
  /** The volume label of the medium. */
  label: string;
  /** 1 for a medium that is no set. */
  discs: number;
  /** SHA-256 of the manifest, which every disc of a set has. */
  manifestDigest: string;
  /** The first disc, as it was found. */
  first: PresentMedium;
  /** Looks at every drive. Takes no notice of what cannot be read. */
  look: () => Promise<PresentMedium[]>;
  patienceSeconds?: number;
};

const CHUNK_BYTES = 1024 ** 2;
/** A drive that was just closed takes its time before it shows what is in it. */
const PATIENCE_SECONDS = 15;
const LOOK_AGAIN_MILLISECONDS = 500;

const CANNOT_BE_READ =
  'It was taken out too early: put it in and start from the beginning. Or it is damaged: make it anew.';

/** The discs of a set, one at a time, or a stick or disc that may be taken out. */
export class DiscSource implements ContentSource {
  readonly hint =
    'The disc or stick is damaged, or it was changed while it was read. Make it again, and start from the beginning.';
  readonly #setup: DiscSetup;
  #open: { disc: number; present: PresentMedium } | undefined;
  #ask: AskForDisc | undefined;

  constructor(setup: DiscSetup) {
    this.#setup = setup;
    this.#open = { disc: 1, present: setup.first };
  }

  /** What is on the disc that the machine was started from, but for what it was started from: once, and at first. */
  filesToVerify(files: readonly ManifestFile[], needed?: ReadonlySet<string>): readonly ManifestFile[] {
    if (needed !== undefined) return [];
    return files.filter(isReadAtFirst);
  }

  async *read(file: ManifestFile, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const root = await this.#rootOf(discOfFile(file), signal);
    yield* createReadStream(join(root, file.path), { highWaterMark: CHUNK_BYTES, signal });
  }

  async locate(parts: readonly ManifestFile[], signal: AbortSignal): Promise<string | undefined> {
    const [first, ...others] = parts.map(discOfFile);
    if (first === undefined || others.some((disc) => disc !== first)) return undefined;
    return join(await this.#rootOf(first, signal), parts[0]?.path ?? '');
  }

  explain(file: ManifestFile, cause: unknown): unknown {
    if (isMediasmithError(cause)) return cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    const disc = this.#setup.discs === 1 ? '' : ` of disc ${discOfFile(file)}`;
    const message = `${file.path}${disc} cannot be copied: ${reason}`;
    return new MediasmithError('MEDIUM_CORRUPT', message, { where: file.path, hint: CANNOT_BE_READ, cause });
  }

  askForDiscs(ask: AskForDisc | undefined): void {
    this.#ask = ask;
  }

  async missingDiscs(discs: readonly number[]): Promise<number[]> {
    const present = await this.#setup.look();
    try {
      const there = await Promise.all(present.map(async ({ root }) => (await this.#judge(root)).disc));
      return discs.filter((disc) => this.#open?.disc !== disc && !there.includes(disc));
    } finally {
      for (const medium of present) await medium[Symbol.asyncDispose]();
    }
  }

  async find(medium: MountedMedium): Promise<MountedMedium | undefined> {
    if (this.#open?.disc !== 1) {
      await this.release();
      await this.#find(1);
    }
    const { present } = this.#open ?? {};
    return present === undefined ? undefined : { ...medium, root: present.root, device: present.device };
  }

  async release(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    await open?.present[Symbol.asyncDispose]();
  }

  close(): Promise<void> {
    return this.release();
  }

  /** Where the files of a disc lie, when somebody has put it in. */
  async #rootOf(disc: number, signal: AbortSignal): Promise<string> {
    const open = this.#open;
    if (open?.disc === disc && (await this.#judge(open.present.root)).disc === disc) return open.present.root;
    // A drive does not open while what is in it is in use.
    await this.release();
    for (let patienceSeconds = 0; ; patienceSeconds = this.#setup.patienceSeconds ?? PATIENCE_SECONDS) {
      const found = await this.#findWithin(patienceSeconds, disc, signal);
      if (found.root !== undefined) return found.root;
      const { label, discs } = this.#setup;
      const wanted = { disc, of: discs, label: discs === 1 ? label : discVolumeLabel(label, disc) };
      if (this.#ask === undefined) throw nobody(wanted, found.others);
      await this.#ask(wanted, found.others);
    }
  }

  /** Looks until there is any disc. */
  async #findWithin(seconds: number, disc: number, signal: AbortSignal): Promise<{ root?: string; others: string[] }> {
    const deadline = performance.now() + seconds * 1000;
    for (;;) {
      signal.throwIfAborted();
      const found = await this.#find(disc);
      if (found.root !== undefined || found.others.length > 0 || performance.now() >= deadline) return found;
      await setTimeout(LOOK_AGAIN_MILLISECONDS, undefined, { signal });
    }
  }

  /** Keeps the drive that has the disc, and says of all others what they have. */
  async #find(disc: number): Promise<{ root?: string; others: string[] }> {
    const others: string[] = [];
    let root: string | undefined;
    for (const present of await this.#setup.look()) {
      const judged = await this.#judge(present.root);
      if (root === undefined && judged.disc === disc) {
        this.#open = { disc, present };
        root = present.root;
        continue;
      }
      others.push(`${present.device}: ${judged.words}`);
      await present[Symbol.asyncDispose]();
    }
    return { ...(root !== undefined && { root }), others };
  }

  /** Which disc of this medium lies there, if any. */
  async #judge(root: string): Promise<{ disc: number | undefined; words: string }> {
    const { mediumId, discs, manifestDigest } = this.#setup;
    const text = (path: string) => readFile(join(root, path), 'utf8').catch(() => '');
    const same = (await text(MEDIUM_PATHS.manifestDigest)).slice(0, manifestDigest.length) === manifestDigest;
    if (discs === 1) return same ? { disc: 1, words: 'this medium' } : { disc: undefined, words: 'another medium' };
    const label = parseDiscLabel(await text(MEDIUM_PATHS.disc));
    if (label === undefined) return { disc: undefined, words: 'no disc of a set, or one that is damaged' };
    if (label.mediumId !== mediumId || label.of !== discs || !same)
      return { disc: undefined, words: `disc ${label.disc} of another set` };
    return { disc: label.disc, words: `disc ${label.disc} of this set` };
  }
}

function nobody({ disc, of, label }: Parameters<AskForDisc>[0], others: readonly string[]): MediasmithError {
  if (of === 1) {
    return new MediasmithError('MEDIUM_NOT_FOUND', `the medium ${label} was taken out before everything was copied`, {
      lines: others,
      hint: 'Put it in and start from the beginning; leave it there until the log says that it may be taken out.',
    });
  }
  const which = `disc ${disc} of ${of} (${label})`;
  return new MediasmithError('MEDIUM_NOT_FOUND', `${which} is in no drive, and nobody is there to put it in`, {
    lines: others,
    hint: 'Put all discs of the set into drives before the machine is started, or use a stick.',
  });
}
