import { placeholderFiles } from '../manifest-draft.ts';
import type { MediaSource } from '../media-tree.ts';
import { type StickFile, stickFile } from '../writers/usb/stick-file.ts';
import type { TreeSources } from './look-at-sources.ts';
import type { MediumToWrite } from './medium-to-write.ts';

/** The files of a medium as they are copied, and those that come last, with zeros in them. */
export function stickFiles(
  { tree, draft, signer }: Pick<MediumToWrite, 'tree' | 'draft' | 'signer'>,
  sources: TreeSources,
): { files: StickFile[]; late: StickFile[] } {
  return {
    files: [...tree].map(([path, source]) => stickFileOf(path, source, sources)),
    late: [...placeholderFiles(draft, signer)].map(([path, source]) => stickFileOf(path, source, undefined)),
  };
}

function stickFileOf(path: string, source: MediaSource, sources: TreeSources | undefined): StickFile {
  if (source.kind === 'bytes') return stickFile(path, { data: source.data });
  const bytes = sources?.bytesOf(path) ?? 0;
  return stickFile(path, { file: source.path, parts: [{ offset: 0, bytes }] }, sources?.known(path));
}
