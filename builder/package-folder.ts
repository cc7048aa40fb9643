import { readlink, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { MediasmithError } from '../runtime/contract/errors.ts';
import { hashBytes } from './hash.ts';
import { leaves } from './leaves.ts';
import { walk } from './walk.ts';
import { refuseWindowsNames } from './windows-names.ts';

/** A content package: a folder, what is in it, and a fingerprint of names, sizes, times and links. */
export type PackageFolder = {
  name: string;
  folder: string;
  files: number;
  bytes: number;
  fingerprint: string;
  /** It was unpacked: its times are those of the archive, wherever it lies. */
  fromArchive?: boolean;
};

/** Looks through a package's folder. Throws `SOURCE_NOT_FOUND`, `PATH_OUTSIDE` for a link that leaves it, `NAME_NOT_ALLOWED`, `SOURCE_INVALID`. */
export async function readPackageFolder(name: string, folder: string): Promise<PackageFolder> {
  const kind = await stat(folder).catch(() => undefined);
  if (kind === undefined || !kind.isDirectory()) {
    throw new MediasmithError(
      'SOURCE_NOT_FOUND',
      `package "${name}": ${folder} ${kind === undefined ? 'does not exist' : 'is not a folder'}`,
      {
        where: folder,
        hint: 'A package is a folder; unpack archives first.',
      },
    );
  }
  const lines: string[] = [];
  const paths: string[] = [];
  let files = 0;
  let bytes = 0;
  for await (const entry of walk(folder)) {
    const path = join(entry.parentPath, entry.name);
    const inside = relative(folder, path);
    paths.push(inside);
    if (entry.isSymbolicLink()) {
      const link = await readlink(path);
      refuseLeaving(name, folder, path, link);
      lines.push(`${inside} -> ${link}`);
    } else if (entry.isFile()) {
      const { size, mtimeMs } = await stat(path);
      files += 1;
      bytes += size;
      lines.push(`${inside} ${size} ${mtimeMs}`);
    } else if (entry.isDirectory()) lines.push(`${inside}/`);
    else {
      throw new MediasmithError('SOURCE_INVALID', `package "${name}": ${path} is neither a file nor a folder`, {
        where: path,
      });
    }
  }
  refuseWindowsNames(`package "${name}"`, folder, paths.sort());
  return { name, folder, files, bytes, fingerprint: hashBytes(Buffer.from(lines.sort().join('\n'))) };
}

function refuseLeaving(name: string, folder: string, path: string, link: string): void {
  const target = resolve(dirname(path), link);
  if (!leaves(folder, target)) return;
  throw new MediasmithError(
    'PATH_OUTSIDE',
    `package "${name}": the link ${path} leads out of the package, to ${target}`,
    {
      where: path,
      hint: 'Put a copy of the file into the package: on the medium the link would lead nowhere.',
    },
  );
}
