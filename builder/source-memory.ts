import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { hashBytes } from './hash.ts';

const Facts = z.object({ sha256: z.string().optional(), sound: z.boolean().optional() });
export type SourceFacts = z.infer<typeof Facts>;

/**
 * What was found out about large sources, kept for as long as they are the same files: device, inode, size and both
 * times, as git's index does it. Losing it costs time and nothing else.
 */
export class SourceMemory {
  readonly #folder: string;

  constructor(cacheFolder: string) {
    this.#folder = join(cacheFolder, 'sources');
  }

  async recall(path: string): Promise<SourceFacts> {
    const text = await readFile(await this.#fileFor(path), 'utf8').catch(() => '{}');
    return parseFacts(text);
  }

  async remember(path: string, facts: SourceFacts): Promise<void> {
    const file = await this.#fileFor(path);
    const known = await this.recall(path);
    await mkdir(this.#folder, { recursive: true });
    await writeFile(`${file}.${process.pid}`, JSON.stringify({ ...known, ...facts }));
    await rename(`${file}.${process.pid}`, file);
  }

  async #fileFor(path: string): Promise<string> {
    const { dev, ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
    return join(this.#folder, `${hashBytes(Buffer.from([dev, ino, size, mtimeNs, ctimeNs].join(' ')))}.json`);
  }
}

function parseFacts(text: string): SourceFacts {
  try {
    return Facts.parse(JSON.parse(text));
  } catch {
    return {};
  }
}
