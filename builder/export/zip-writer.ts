import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';

/** A member of a zip: a text, which is compressed, or a file, which goes in as it is. */
export type ZipSource = { path: string; text: string } | { path: string; file: string };

/** The first moment a zip can name, in local time as zips count: so the same members give the same bytes everywhere. */
const TIME = new Date(1980, 0, 1);
const OPTIONS = { mtime: TIME, mode: 0o100644, forceDosTimestamp: true };

/** Writes a zip with its members in the order of their paths. */
export async function writeZip(out: string, members: readonly ZipSource[], signal?: AbortSignal): Promise<void> {
  const zip = new ZipFile();
  // What goes wrong with a file of it must end the writing: the stream alone would wait for ever.
  zip.on('error', (error: Error) =>
    (zip.outputStream as NodeJS.ReadableStream & { destroy: (error: Error) => void }).destroy(error),
  );
  for (const member of members.toSorted((a, b) => (a.path < b.path ? -1 : 1))) {
    if ('text' in member) zip.addBuffer(Buffer.from(member.text), member.path, { ...OPTIONS, compress: true });
    else zip.addFile(member.file, member.path, { ...OPTIONS, compress: false });
  }
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(out), signal === undefined ? {} : { signal });
}
