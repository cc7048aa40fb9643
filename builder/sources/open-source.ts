import { open, stat } from 'node:fs/promises';
import { MediasmithError } from '../../runtime/contract/errors.ts';
import { archiveTree } from './archive-tree.ts';
import { folderTree } from './folder-tree.ts';
import type { SourceContext, SourceTree } from './source-tree.ts';

/** What a person named: a WIM of any kind, or something with files in it. */
export type OpenedSource = { kind: 'wim'; file: string } | { kind: 'tree'; tree: SourceTree };

/** What a file with images is called. */
export const WIM_NAME = /\.(wim|esd|swm)$/i;
/** A WIM and a pipable WIM, by their first bytes. */
const WIM_MAGICS = ['MSWIM\0\0\0', 'WLPWM\0\0\0'];

/** Opens a folder, a WIM, ESD or SWM file, or a disc image or archive, by what it is and not only by its name. */
export async function openSource(path: string, context: SourceContext): Promise<OpenedSource> {
  const kind = await stat(path).catch((cause) => {
    throw new MediasmithError('SOURCE_NOT_FOUND', `cannot open ${path}`, {
      where: path,
      hint: 'Check the path and that it can be read.',
      cause,
    });
  });
  if (kind.isDirectory()) return { kind: 'tree', tree: await folderTree(path) };
  if (!kind.isFile()) {
    throw new MediasmithError('SOURCE_INVALID', `${path} is neither a file nor a folder`, {
      where: path,
      hint: 'Name a file or a folder: a device or a pipe cannot be read twice.',
    });
  }
  if (WIM_NAME.test(path) || (await isWim(path))) return { kind: 'wim', file: path };
  return { kind: 'tree', tree: await archiveTree(path, context) };
}

/** By its first bytes. */
export async function isWim(path: string): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const { buffer } = await file.read(Buffer.alloc(8), 0, 8, 0);
    return WIM_MAGICS.includes(buffer.toString('latin1'));
  } finally {
    await file.close();
  }
}
