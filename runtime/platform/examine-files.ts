import { open, stat, statfs } from 'node:fs/promises';
import { casePath } from './case-path.ts';

/** Made anew by every Windows: never a part of an image. */
const MADE_ANEW = ['pagefile.sys', 'swapfile.sys', 'hiberfil.sys'];
/** The first word of a hibernation file that is to be gone on from; Windows 8 and later write capitals. */
const HIBERNATED = /^hibr$/i;

/** What the files of a mounted volume tell of it. */
export async function examineFiles(root: string): Promise<{ hibernated: boolean; usedBytes: number }> {
  const { blocks, bfree, bsize } = await statfs(root);
  let usedBytes = (blocks - bfree) * bsize;
  for (const name of MADE_ANEW) {
    const { path } = await casePath(root, name);
    usedBytes -= (await stat(path).catch(() => undefined))?.size ?? 0;
  }
  const { path } = await casePath(root, 'hiberfil.sys');
  return { hibernated: HIBERNATED.test(await firstWord(path)), usedBytes: Math.max(0, usedBytes) };
}

async function firstWord(path: string): Promise<string> {
  const file = await open(path).catch(() => undefined);
  if (file === undefined) return '';
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
    return buffer.toString('latin1', 0, bytesRead);
  } finally {
    await file.close();
  }
}
