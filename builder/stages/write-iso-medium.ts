import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MediasmithError } from '../../runtime/contract/errors.ts';
import { finishedFiles, placeholderFiles } from '../manifest-draft.ts';
import { together } from '../together.ts';
import { locateInIso } from '../tools/xorriso.ts';
import { streamDigest } from '../writers/iso/stream-digest.ts';
import { writeIso } from '../writers/iso/write-iso.ts';
import { lookAtSources } from './look-at-sources.ts';
import type { MediumToWrite } from './medium-to-write.ts';
import type { StageContext } from './stage.ts';

export type WrittenIso = { file: string; bytes: number; sha256: string };

/**
 * Writes an ISO into the workspace. The files are hashed while they are being written: the manifest first goes in with
 * zeros for hashes and is filled in afterwards, in place. `SOURCE_CHANGED` when a file was changed meanwhile.
 */
export async function writeIsoMedium(medium: MediumToWrite, context: StageContext): Promise<WrittenIso> {
  const { tree, draft, identity, label, signer } = medium;
  const { exec, emit, signal, workspace } = context;
  const file = join(workspace, 'medium.iso');
  const boot = await medium.boot.isoBoot(context);
  const placeholders = placeholderFiles(draft, signer);
  const sources = await lookAtSources(tree, context);
  await using digest = streamDigest();
  const [hashes] = await together(signal, (within) => [
    sources.hashAll({ ...context, signal: within }),
    writeIso({
      tree: new Map([...tree, ...placeholders]),
      last: [...placeholders.keys()],
      label,
      output: file,
      workspace,
      identity,
      boot,
      digest,
      exec,
      emit,
      signal: within,
    }),
  ]);
  await sources.refuseChanged();
  const changedFrom = await overwriteInIso(file, finishedFiles(draft, hashes, signer), context);
  const { size } = await stat(file);
  return { file, bytes: size, sha256: await digest.finish(file, changedFrom) };
}

/** Replaces the content of files inside an ISO by content of the same length. Returns where the first of them begins. */
export async function overwriteInIso(
  iso: string,
  files: ReadonlyMap<string, Uint8Array>,
  { exec }: StageContext,
): Promise<number> {
  const places = await locateInIso(iso, [...files.keys()], exec);
  const file = await open(iso, 'r+');
  try {
    for (const [path, data] of files) {
      const place = places.get(path);
      if (place === undefined || place.bytes !== data.length) {
        throw new MediasmithError('BUILD_FAILED', `${path} is not in ${iso} as it was written there`);
      }
      await file.write(data, 0, data.length, place.offset);
    }
    return Math.min(...[...places.values()].map(({ offset }) => offset));
  } finally {
    await file.close();
  }
}
