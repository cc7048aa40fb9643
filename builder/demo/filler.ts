import type { FillerKind } from './image-entry.ts';
import { layOutPe, PE_CODE } from './pe.ts';
import { pick, type Random, seededRandom } from './random.ts';

/** Raise it when the same seed gives other bytes than before: cached images are named after it. */
export const FILLER_VERSION = 1;

const POOL_SIZE = 1024 * 1024;
const LONGEST_PIECE = 64 * 1024;

type Material = 'code' | 'text' | 'noise';

/** Makes filler; the same kind, size and seed give the same bytes. */
export class Filler {
  readonly #pools = new Map<Material, Uint8Array>();

  /** Pieces of one large pool in a random order: as varied as fresh material to a compressor, and made at memory speed. */
  make(kind: FillerKind, size: number, seed: number): Uint8Array {
    const content = Buffer.allocUnsafe(size);
    const pool = this.#pool(materialOf(kind));
    const random = seededRandom(seed);
    for (let at = 0; at < size; ) {
      const length = Math.min(size - at, 1024 + Math.floor(random() * LONGEST_PIECE));
      const from = Math.floor(random() * (POOL_SIZE - length));
      content.set(pool.subarray(from, from + length), at);
      at += length;
    }
    content.set(startOf(kind, size).subarray(0, size));
    return content;
  }

  #pool(material: Material): Uint8Array {
    const pool = this.#pools.get(material) ?? makePool(material);
    this.#pools.set(material, pool);
    return pool;
  }
}

function materialOf(kind: FillerKind): Material {
  return kind === 'text' || kind === 'noise' ? kind : 'code';
}

/** Programs begin with the headers of one, so that tools which look at the machine type find x86-64. */
function startOf(kind: FillerKind, size: number): Uint8Array {
  if (kind === 'text' || kind === 'noise') return new Uint8Array(0);
  return layOutPe({
    subsystem: kind === 'driver' ? 1 : 3,
    dll: kind === 'library',
    sections: [{ name: '.text', size: Math.max(size - 0x200, 0), characteristics: PE_CODE }],
  }).headers;
}

function makePool(material: Material): Uint8Array {
  const pool = new Uint8Array(POOL_SIZE);
  const random = seededRandom(POOL_SIZE);
  const next = { code: instruction, text: word, noise: noiseBytes }[material];
  for (let at = 0; at < POOL_SIZE; ) {
    const bytes = next(random);
    pool.set(bytes.subarray(0, POOL_SIZE - at), at);
    at += bytes.length;
  }
  return pool;
}

const OPCODES = [
  '488b45',
  '488945',
  '488d0d',
  '4885c0',
  '0f84',
  'e8',
  '4883ec',
  'c3',
  '90',
  '33c0',
  '488bcb',
  'ff15',
  'cc',
].map((hex) => Buffer.from(hex, 'hex'));

const COMMON_SEQUENCES = Array.from({ length: 600 }, sequenceFrom(seededRandom(11)));

/** Sequences that come again and again with a few new bytes between them: so machine code compresses to about a half. */
function instruction(random: Random): Uint8Array {
  const sequence = COMMON_SEQUENCES[Math.floor(random() ** 2 * COMMON_SEQUENCES.length)] ?? new Uint8Array(0);
  return Buffer.concat([sequence, Uint8Array.of(Math.floor(random() ** 4 * 256))]);
}

function sequenceFrom(random: Random): () => Uint8Array {
  return () => {
    const operands = Uint8Array.from({ length: 1 + Math.floor(random() * 3) }, () => Math.floor(random() ** 2 * 256));
    return Buffer.concat([pick(random, OPCODES), operands, pick(random, OPCODES)]);
  };
}

const SYLLABLES = ['ka', 'lo', 'ri', 'men', 'to', 'sa', 'ne', 'vi', 'pur', 'da', 'est', 'ul', 'or', 'ig', 'ban', 'he'];
const VOCABULARY = words(4000, seededRandom(7));

/** Small numbers come up far more often, as words do in a text. */
function word(random: Random): Uint8Array {
  const chosen = VOCABULARY[Math.floor(random() ** 3 * VOCABULARY.length)] ?? '';
  return Buffer.from(random() < 0.1 ? `${chosen}\r\n` : `${chosen} `, 'latin1');
}

/** Made-up words. */
export function words(count: number, random: Random): string[] {
  return Array.from({ length: count }, () =>
    Array.from({ length: 1 + Math.floor(random() * 4) }, () => pick(random, SYLLABLES)).join(''),
  );
}

function noiseBytes(random: Random): Uint8Array {
  return Uint8Array.from({ length: 4096 }, () => Math.floor(random() * 256));
}
