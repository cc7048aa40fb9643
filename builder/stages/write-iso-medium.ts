import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MediasmithError } from '../../runtime/contract/errors.ts';
import type { BootMedium } from '../boot/boot-environment.ts';
import { hashGrowingFile } from '../growing-file-hash.ts';
import { hashBytes, hashFile } from '../hash.ts';
import type { MediumIdentity } from '../iso-identity.ts';
import { finishedFiles, type ManifestDraft, placeholderFiles } from '../manifest-draft.ts';
import type { MediaTree, ReadonlyMediaTree } from '../media-tree.ts';
import { together } from '../together.ts';
import { locateInIso } from '../tools/xorriso.ts';
import { writeIso } from '../writers/iso/write-iso.ts';
import type { StageContext } from './stage.ts';

export type IsoMedium = {
  tree: MediaTree;
  draft: ManifestDraft;
  boot: BootMedium;
  identity: MediumIdentity;
  label: string;
};

export type WrittenIso = { file: string; bytes: number; sha256: string };

/** More than what follows the manifest on an ISO: the EFI system partition, padding and the backup GPT. */
const HOLD_BACK_BYTES = 48 * 1024 ** 2;

/**
 * Writes an ISO into the workspace. The files are hashed while they are being written: the manifest first goes in with
 * zeros for hashes and is filled in afterwards, in place. `SOURCE_CHANGED` when a file was changed meanwhile.
 */
export async function writeIsoMedium(medium: IsoMedium, context: StageContext): Promise<WrittenIso> {
  const { tree, draft, identity, label } = medium;
  const { exec, emit, signal, workspace } = context;
  const file = join(workspace, 'medium.iso');
  const boot = await medium.boot.isoBoot(context);
  const placeholders = placeholderFiles(draft);
  const sources = await lookAtSources(tree, context);
  await using whole = hashGrowingFile(file, HOLD_BACK_BYTES);
  const [hashes] = await together(signal, (within) => [
    hashTree(tree, sources, { ...context, signal: within }),
    writeIso({
      tree: new Map([...tree, ...placeholders]),
      last: [...placeholders.keys()],
      label,
      output: file,
      workspace,
      identity,
      boot,
      exec,
      emit,
      signal: within,
    }),
  ]);
  for (const source of sources.values()) await source.refuseChanged();
  const changedFrom = await overwriteInIso(file, finishedFiles(draft, hashes), context);
  const { size } = await stat(file);
  return { file, bytes: size, sha256: await whole.finish(changedFrom) };
}

type Sources = Map<string, Awaited<ReturnType<StageContext['memory']['lookAt']>>>;

async function lookAtSources(tree: ReadonlyMediaTree, { memory }: StageContext): Promise<Sources> {
  const sources: Sources = new Map();
  for (const [path, source] of tree) if (source.kind === 'file') sources.set(path, await memory.lookAt(source.path));
  return sources;
}

async function hashTree(
  tree: ReadonlyMediaTree,
  sources: Sources,
  context: StageContext,
): Promise<Map<string, string>> {
  const { signal, workspace } = context;
  const hashes = new Map<string, string>();
  for (const [path, source] of tree) {
    if (source.kind === 'bytes') {
      hashes.set(path, hashBytes(source.data));
      continue;
    }
    const known = sources.get(path);
    const sha256 = source.sha256 ?? known?.facts.sha256 ?? (await hashFile(source.path, { signal }));
    // What lies in the workspace is gone when the build has ended.
    if (!source.path.startsWith(workspace)) await known?.remember({ sha256 });
    hashes.set(path, sha256);
  }
  return hashes;
}

/** Replaces the content of files inside an ISO by content of the same length. Returns where the first of them begins. */
async function overwriteInIso(
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
