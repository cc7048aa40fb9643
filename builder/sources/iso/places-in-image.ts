import { stat } from 'node:fs/promises';
import { isMediasmithError } from '../../../runtime/contract/errors.ts';
import type { Exec } from '../../../runtime/host/exec.ts';
import { bytesOf, type Part, type Place } from '../../placed-content.ts';
import type { Archive, ArchiveFile } from '../../tools/seven-zip.ts';
import { listIso } from '../../tools/xorriso.ts';
import { udfParts } from './udf-parts.ts';

type Parts = Map<string, readonly Part[]>;

/**
 * Where files lie in a disc image, by path, so that they can be copied out of it. Left out is each whose place cannot be
 * told, or is not as large as the listing says it is, and every file of another archive.
 */
export async function placesInImage(
  image: string,
  { format }: Pick<Archive, 'format'>,
  files: readonly ArchiveFile[],
  task: { exec: Exec; signal: AbortSignal },
): Promise<Map<string, Place>> {
  if (files.length === 0) return new Map();
  const { size } = await stat(image);
  const found = await partsIn(image, format, files, task);
  return new Map(
    files.flatMap(({ path, bytes }) => {
      const parts = found.get(path) ?? [];
      const isInside = parts.every((part) => part.offset + part.bytes <= size);
      return isInside && bytesOf({ parts }) === bytes ? [[path, { file: image, parts }] as const] : [];
    }),
  );
}

async function partsIn(
  image: string,
  format: Archive['format'],
  files: readonly ArchiveFile[],
  task: { exec: Exec; signal: AbortSignal },
): Promise<Parts> {
  if (format === 'Iso') return iso9660Parts(image, task);
  const paths = files.map(({ path }) => path);
  return format === 'Udf' ? udfParts(image, paths) : new Map();
}

async function iso9660Parts(image: string, { exec, signal }: { exec: Exec; signal: AbortSignal }): Promise<Parts> {
  try {
    return (await listIso(image, exec, signal)).files;
  } catch (error) {
    // It can be unpacked all the same.
    if (isMediasmithError(error) && (error.code === 'TOOL_FAILED' || error.code === 'TOOL_MISSING')) return new Map();
    throw error;
  }
}
