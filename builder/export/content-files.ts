import { lstat, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { MediasmithError } from '../../runtime/contract/errors.ts';
import { BUNDLE, type Reference } from '../import/bundle-manifest.ts';
import type { Names } from '../import/names.ts';

/** A thing of media.yaml: its name and the file or folder it is in. */
export type ContentSource = Pick<Reference, 'kind' | 'name'> & { source: string };

export type PlacedContent = { reference: Reference; files: { path: string; file: string }[] };

/** The files of one thing, each with its path in the zip, in a folder that `names` gives it. A link is refused: where it leads is not the project's. */
export async function contentFiles(
  reference: Reference,
  sources: readonly ContentSource[],
  names: Names,
): Promise<PlacedContent> {
  const named = sources.find(({ kind, name }) => kind === reference.kind && name === reference.name);
  if (named === undefined) return { reference, files: [] };
  const content = `${BUNDLE.content}/${reference.kind}/${names.unused(reference.name)}`;
  const kind = await lstat(named.source).catch((cause) => {
    throw new MediasmithError(
      'SOURCE_NOT_FOUND',
      `the ${reference.kind} "${reference.name}" is not there: ${named.source}`,
      {
        where: named.source,
        hint: 'Put it there, or export without content.',
        cause,
      },
    );
  });
  const files = kind.isDirectory()
    ? await below(named.source, content)
    : [{ path: `${content}/${basename(named.source)}`, file: named.source }];
  return { reference: { ...reference, content }, files };
}

async function below(folder: string, path: string): Promise<PlacedContent['files']> {
  const files: PlacedContent['files'] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const inside = { path: `${path}/${entry.name}`, file: join(folder, entry.name) };
    if (entry.isDirectory()) files.push(...(await below(inside.file, inside.path)));
    else if (entry.isFile()) files.push(inside);
    else {
      throw new MediasmithError('SOURCE_INVALID', `${inside.file} is neither a file nor a folder`, {
        where: inside.file,
        hint: 'Put the file itself there, or export without content.',
      });
    }
  }
  return files;
}
