import { open } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { MediasmithError } from '../contract/errors.ts';
import type { WimInfo } from './wim-info.ts';

const HEADER_BYTES = 44;

/**
 * The paths of parts 2 and up of a split WIM, by the names that DISM and libwim give them: `install.swm`,
 * `install2.swm`, ... Throws `SOURCE_INVALID` where one is missing or does not belong to the first.
 */
export async function findSplitParts(first: string, info: WimInfo): Promise<string[]> {
  if (info.partNumber !== 1) {
    throw new MediasmithError(
      'SOURCE_INVALID',
      `this is part ${info.partNumber} of ${info.totalParts} of a split WIM`,
      {
        where: first,
        hint: 'Give the first part: it alone says what the images hold.',
      },
    );
  }
  const parts = Array.from({ length: info.totalParts - 1 }, (_, index) => partPath(first, index + 2));
  for (const [index, part] of parts.entries()) await checkPart(part, index + 2, info);
  return parts;
}

/** The path of a part: the number, from 2 up, stands before the extension. */
export function partPath(first: string, number: number): string {
  const extension = extname(first);
  return join(dirname(first), `${basename(first, extension)}${number}${extension}`);
}

async function checkPart(path: string, number: number, info: WimInfo): Promise<void> {
  const header = await readHeader(path);
  if (header === undefined) {
    throw new MediasmithError('SOURCE_INVALID', `part ${number} of ${info.totalParts} of the split WIM is missing`, {
      where: path,
      hint: 'Put all parts of the split image into one folder.',
    });
  }
  const belongs = header.guid === info.guid && header.part === number && header.total === info.totalParts;
  if (!belongs) {
    throw new MediasmithError('SOURCE_INVALID', `this is not part ${number} of ${info.totalParts} of the split WIM`, {
      where: path,
      hint: 'Copy all parts again from one source: they were made together.',
    });
  }
}

/** Fields of the WIM header: GUID at byte 24, part number at 40, number of parts at 42. */
async function readHeader(path: string): Promise<{ guid: string; part: number; total: number } | undefined> {
  try {
    await using file = await open(path);
    const { buffer } = await file.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, 0);
    return { guid: buffer.toString('hex', 24, 40), part: buffer.readUInt16LE(40), total: buffer.readUInt16LE(42) };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT') return undefined;
    if (code !== 'EISDIR') throw error;
    throw new MediasmithError('SOURCE_INVALID', 'a part of the split WIM is a folder and not a file', {
      where: path,
      hint: 'Copy all parts again from one source: each is a file.',
      cause: error,
    });
  }
}
