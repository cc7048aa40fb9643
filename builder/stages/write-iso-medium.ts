import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { MediasmithError } from '../../runtime/contract/errors.ts';
import type { LinuxBootEnvironment } from '../boot/linux/prepare.ts';
import { hashGrowingFile } from '../growing-file-hash.ts';
import { hashBytes, hashFile } from '../hash.ts';
import { finishedFiles, type ManifestDraft, placeholderFiles } from '../manifest-draft.ts';
import type { MediaTree, ReadonlyMediaTree } from '../media-tree.ts';
import { locateInIso } from '../tools/xorriso.ts';
import { makeBiosImages } from '../writers/iso/bios-image.ts';
import { makeEfiImage } from '../writers/iso/efi-image.ts';
import type { MediumIdentity } from '../writers/iso/identity.ts';
import { writeIso } from '../writers/iso/write-iso.ts';
import type { StageContext } from './stage.ts';

export type WrittenOutput = { kind: 'iso'; path: string; bytes: number; sha256: string };

export type IsoMedium = {
  tree: MediaTree;
  draft: ManifestDraft;
  environment: LinuxBootEnvironment;
  identity: MediumIdentity;
  label: string;
  /** The final name. Until the ISO is whole, whatever has this name stays as it is. */
  output: string;
};

/**
 * Writes the ISO beside its final name and renames it when it is whole. The files are hashed while they are being
 * written: the manifest first goes in with zeros for hashes and is filled in afterwards, in place.
 */
export async function writeIsoMedium(medium: IsoMedium, context: StageContext): Promise<WrittenOutput> {
  const { tree, draft, environment, identity, label, output } = medium;
  const { exec, emit, signal, workspace } = context;
  const partial = join(dirname(output), `.${process.pid}.${identity.uuid}.partial.iso`);
  await mkdir(dirname(output), { recursive: true });
  try {
    const efiImage = await makeEfiImage({ environment, identity, workspace }, exec);
    const biosImages = await makeBiosImages({ root: environment.root, identity, workspace }, exec);
    const placeholders = placeholderFiles(draft);
    const writing = writeIso({
      tree: new Map([...tree, ...placeholders]),
      last: [...placeholders.keys()],
      label,
      output: partial,
      workspace,
      identity,
      efiImage,
      biosImages,
      exec,
      emit,
      signal,
    });
    await using whole = hashGrowingFile(partial, HOLD_BACK_BYTES);
    const [hashes] = await bothOrNeither(hashTree(tree, context), writing);
    const changedFrom = await overwriteInIso(partial, finishedFiles(draft, hashes), context);
    const { size } = await stat(partial);
    const sha256 = await whole.finish(changedFrom);
    await rename(partial, output);
    return { kind: 'iso', path: output, bytes: size, sha256 };
  } finally {
    await rm(partial, { force: true });
  }
}

/** More than what follows the manifest on an ISO: the EFI system partition, padding and the backup GPT. */
const HOLD_BACK_BYTES = 48 * 1024 ** 2;

/** Waits for both even when one fails, so that nothing is still writing when what it writes is removed. */
async function bothOrNeither<A, B>(first: Promise<A>, second: Promise<B>): Promise<[A, B]> {
  const [a, b] = await Promise.allSettled([first, second]);
  if (a.status === 'rejected') throw a.reason;
  if (b.status === 'rejected') throw b.reason;
  return [a.value, b.value];
}

async function hashTree(tree: ReadonlyMediaTree, { memory, signal }: StageContext): Promise<Map<string, string>> {
  const hashes = new Map<string, string>();
  for (const [path, source] of tree) {
    if (source.kind === 'bytes') {
      hashes.set(path, hashBytes(source.data));
      continue;
    }
    const known = (await memory.recall(source.path)).sha256;
    const sha256 = known ?? (await hashFile(source.path, { signal }));
    if (known === undefined) await memory.remember(source.path, { sha256 });
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
