import { createWriteStream } from 'node:fs';
import { lstat, mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { MediasmithError } from '../../runtime/contract/errors.ts';
import { isTaken } from '../../runtime/host/exists.ts';
import { openWorkspace } from '../workspace.ts';
import { type Import, importSequences } from './import-sequences.ts';
import { isBundle, readBundle } from './read-bundle.ts';
import { isZip, readExport, readSource } from './read-source.ts';
import type { ImportReport } from './report.ts';
import { openZip, type ZipArchive } from './zip-reader.ts';

/** What becomes of a sequence whose file is there already: it stays, it is replaced, or the new one gets another id. Content stays or is replaced. */
export const EXISTING = ['ignore', 'overwrite', 'new'] as const;
export type Existing = (typeof EXISTING)[number];

export type ImportOptions = {
  /** The folder that gets a file for each sequence; it is made when it is not there. */
  folder: string;
  /** Asked only when a file or content is there already, with the names of what is. */
  existing: (files: readonly string[]) => Promise<Existing>;
  signal?: AbortSignal;
};

/** Imports a file: everything is read and checked before anything is written, and each file gets its name when it is whole. */
export async function importFile(file: string, { folder, existing, signal }: ImportOptions): Promise<ImportReport> {
  await refuseFile(folder);
  await using zip = (await isZip(file)) ? await openZip(file) : undefined;
  const first = await read(file, zip, []);
  const files = await present(
    folder,
    first.sequences.map(({ report }) => report.file),
  );
  for (const name of files) await refuseFolder(join(folder, name));
  const content = await present(folder, first.content ?? []);
  const there = [...files, ...content];
  const wanted = there.length === 0 ? 'overwrite' : await existing(there);
  signal?.throwIfAborted();
  const imported = wanted === 'new' ? await read(file, zip, await idsIn(folder)) : first;
  const kept = { ignore: there, overwrite: [], new: content }[wanted];
  await write(imported, {
    folder,
    kept: new Set(kept),
    zip,
    ...(signal !== undefined && { signal }),
  });
  const { sequences, toSupply, passwords } = imported;
  return { sequences: sequences.map(({ report }) => report), toSupply, passwords, kept };
}

type Read = Import & { content?: readonly string[] };

async function read(file: string, zip: ZipArchive | undefined, reserved: readonly string[]): Promise<Read> {
  if (zip === undefined) return importSequences(await readSource(file), file, reserved);
  return isBundle(zip) ? readBundle(zip, file, reserved) : importSequences(await readExport(zip, file), file, reserved);
}

type Target = {
  folder: string;
  kept: ReadonlySet<string>;
  zip: ZipArchive | undefined;
  signal?: AbortSignal;
};

async function write({ sequences, content = [] }: Read, { folder, kept, zip, signal }: Target): Promise<void> {
  await using scratch = await openWorkspace(folder);
  const written = sequences.filter(({ report }) => !kept.has(report.file));
  for (const { report, text } of written) await writeFile(join(scratch.folder, report.file), text);
  const folders: string[] = [];
  for (const path of content) {
    if (kept.has(path)) continue;
    if (zip !== undefined) await unpack(zip, path, scratch.folder, signal);
    folders.push(path);
  }
  signal?.throwIfAborted();
  for (const path of folders) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await rm(join(folder, path), { recursive: true, force: true });
    await rename(join(scratch.folder, path), join(folder, path));
  }
  for (const { report } of written) await rename(join(scratch.folder, report.file), join(folder, report.file));
}

/** Content lies in the zip as it is: what is compressed might unpack to anything. */
async function unpack(zip: ZipArchive, path: string, folder: string, signal: AbortSignal | undefined): Promise<void> {
  const members = zip.members.filter((member) => member.path.startsWith(`${path}/`));
  const packed = members.find(({ stored, bytes }) => !stored && bytes > 0);
  if (!path.startsWith('content/') || members.length === 0 || packed !== undefined) {
    throw new MediasmithError('IMPORT_INVALID', `the content ${path} of the zip is not as an export writes it`, {
      where: path,
      hint: 'Export the sequence again.',
    });
  }
  for (const member of members) {
    const target = join(folder, member.path);
    await mkdir(dirname(target), { recursive: true });
    await pipeline(await zip.stream(member.path), createWriteStream(target), signal === undefined ? {} : { signal });
  }
}

async function refuseFile(folder: string): Promise<void> {
  const there = await stat(folder).catch(() => undefined);
  if (there === undefined || there.isDirectory()) return;
  throw new MediasmithError('OUTPUT_EXISTS', `${folder} is a file, and not a folder`, {
    where: folder,
    hint: 'Name a folder for what is imported.',
  });
}

async function refuseFolder(path: string): Promise<void> {
  if (!(await lstat(path)).isDirectory()) return;
  throw new MediasmithError('OUTPUT_EXISTS', `${path} is a folder, where a file is to be written`, {
    where: path,
    hint: 'Remove it, or name another folder after --out.',
  });
}

async function present(folder: string, files: readonly string[]): Promise<string[]> {
  const there = await Promise.all(files.map((file) => isTaken(join(folder, file))));
  return files.filter((_, index) => there[index]);
}

async function idsIn(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => name.endsWith('.yaml')).map((name) => name.slice(0, -'.yaml'.length));
}
