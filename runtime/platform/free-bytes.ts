import { statfs } from 'node:fs/promises';

/** Bytes that a file could take in a mounted file system; 0 where nobody says. */
export async function freeBytesOf(folder: string): Promise<number> {
  return statfs(folder).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => 0,
  );
}
