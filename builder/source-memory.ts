import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { MediasmithError } from '../runtime/contract/errors.ts';
import { hashBytes } from './hash.ts';

const Facts = z.object({ sha256: z.string().optional(), sound: z.boolean().optional() });
export type SourceFacts = z.infer<typeof Facts>;

/** One file as it was when it was looked at: what is known of it, and whether it is still the same. */
export type KnownSource = {
  facts: SourceFacts;
  /** Keeps a fact for the file as it was then. Losing it costs time and nothing else, so trouble is passed over. */
  remember(facts: SourceFacts): Promise<void>;
  /** `SOURCE_CHANGED` when the file is no longer what it was. */
  refuseChanged(): Promise<void>;
};

/**
 * What was found out about sources, kept for as long as they are the same files: device, inode, size and both times, as
 * git's index does it.
 */
export class SourceMemory {
  readonly #folder: string;

  constructor(cacheFolder: string) {
    this.#folder = join(cacheFolder, 'sources');
  }

  async lookAt(path: string): Promise<KnownSource> {
    const identity = await identityOf(path);
    const file = join(this.#folder, `${hashBytes(Buffer.from(identity))}.json`);
    const facts = parseFacts(await readFile(file, 'utf8').catch(() => '{}'));
    return {
      facts,
      remember: async (more) => {
        const temporary = `${file}.${process.pid}`;
        try {
          await mkdir(this.#folder, { recursive: true });
          await writeFile(temporary, JSON.stringify({ ...facts, ...more }));
          await rename(temporary, file);
        } catch {}
      },
      refuseChanged: () => refuseChangedSince(path, identity),
    };
  }
}

/** What tells a file from every other and from itself at another time: device, inode, size and both times. */
export async function identityOf(path: string): Promise<string> {
  const { dev, ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
  return [dev, ino, size, mtimeNs, ctimeNs].join(' ');
}

/** `SOURCE_CHANGED` when the file no longer has this identity. */
export async function refuseChangedSince(path: string, identity: string): Promise<void> {
  if ((await identityOf(path).catch(() => '')) === identity) return;
  throw new MediasmithError('SOURCE_CHANGED', `${path} was changed while it was being read`, {
    where: path,
    hint: 'Build again when nothing writes to it. No output was replaced.',
  });
}

function parseFacts(text: string): SourceFacts {
  try {
    return Facts.parse(JSON.parse(text));
  } catch {
    return {};
  }
}
