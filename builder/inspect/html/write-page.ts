import { lstat, open, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { MediasmithError } from '../../../runtime/contract/errors.ts';
import { GENERATOR } from './page.ts';

/** The generator stands before any text of a medium. */
const HEAD_BYTES = 200;

/** A page of ours may be written again; `OUTPUT_EXISTS` for anything else that is there, however it is called. */
export async function refuseOtherFile(path: string): Promise<void> {
  await stat(dirname(path));
  const there = await lstat(path).catch(() => undefined);
  if (there === undefined || (there.isFile() && (await isPage(path)))) return;
  throw new MediasmithError('OUTPUT_EXISTS', `${path} is there already, and is no page of ours`, {
    where: path,
    hint: 'Choose another name. Nothing was written.',
  });
}

/** Writes a page beside its name and gives it that name when it is whole. */
export async function writePage(path: string, page: string): Promise<void> {
  await refuseOtherFile(path);
  const scratch = `${path}.${process.pid}.part`;
  try {
    await writeFile(scratch, page, { flag: 'wx' });
    await rename(scratch, path);
  } finally {
    await rm(scratch, { force: true });
  }
}

async function isPage(path: string): Promise<boolean> {
  await using file = await open(path, 'r');
  const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
  return buffer.toString('utf8', 0, bytesRead).includes(GENERATOR);
}
