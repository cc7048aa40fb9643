import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { discVolumeLabel } from '../../runtime/contract/disc.ts';
import { MediasmithError } from '../../runtime/contract/errors.ts';
import { formatBytes } from '../../runtime/contract/format-bytes.ts';
import { MEDIUM_PATHS } from '../../runtime/contract/manifest.ts';
import type { IsoBoot } from '../boot/boot-environment.ts';
import { type Disc, placeOnDiscs } from '../discs/place-on-discs.ts';
import { finishedFiles, type ManifestDraft, placeholderFiles } from '../manifest-draft.ts';
import { fromText, type MediaTree } from '../media-tree.ts';
import { discIdentity } from '../medium-identity.ts';
import { together } from '../together.ts';
import { type StreamDigest, streamDigest } from '../writers/iso/stream-digest.ts';
import { writeIso } from '../writers/iso/write-iso.ts';
import { labelFiles } from './label-files.ts';
import { lookAtSources } from './look-at-sources.ts';
import type { MediumToWrite } from './medium-to-write.ts';
import type { StageContext } from './stage.ts';
import { overwriteInIso, type WrittenIso, writeIsoMedium } from './write-iso-medium.ts';

/** A disc without what starts a machine. */
const STARTS_NOTHING: IsoBoot = { argv: [], files: new Map() };

/**
 * Writes an ISO, or, where it does not fit on one disc of `discBytes`, a set of them into the workspace; the first is the
 * one that starts. Every disc has the manifest, whose hashes are filled in when the files of all discs are hashed.
 */
export async function writeDiscs(
  medium: MediumToWrite,
  discBytes: number,
  context: StageContext,
): Promise<WrittenIso[]> {
  const discs = placeOnDiscs(medium.draft.files, discBytes, everywhereBytes(medium));
  const written = discs.length === 1 ? [await writeIsoMedium(medium, context)] : await writeSet(medium, discs, context);
  for (const [index, { bytes }] of written.entries())
    if (bytes > discBytes) throw tooLarge(index + 1, bytes, discBytes);
  return written;
}

function everywhereBytes({ draft, signer }: MediumToWrite): number {
  const numbered = { ...draft, discs: 99, files: draft.files.map((file) => ({ ...file, disc: 99 })) };
  return [...placeholderFiles(numbered, signer).values()].reduce(
    (sum, source) => sum + (source.kind === 'bytes' ? source.data.length : 0),
    0,
  );
}

async function writeSet(medium: MediumToWrite, discs: readonly Disc[], context: StageContext): Promise<WrittenIso[]> {
  const { tree, signer } = medium;
  const draft = numberFiles(medium.draft, discs);
  const sources = await lookAtSources(tree, context);
  await using digests = new AsyncDisposableStack();
  const [hashes, written] = await together(context.signal, (signal) => [
    sources.hashAll({ ...context, signal }),
    writeEach({ ...medium, draft }, discs, digests, { ...context, signal }),
  ]);
  await sources.refuseChanged();
  const finished = finishedFiles(draft, hashes, signer);
  const result: WrittenIso[] = [];
  for (const { file, digest } of written) {
    const changedFrom = await overwriteInIso(file, finished, context);
    const { size } = await stat(file);
    result.push({ file, bytes: size, sha256: await digest.finish(file, changedFrom) });
  }
  return result;
}

/** The manifest says of each file on which disc it is. */
function numberFiles(draft: ManifestDraft, discs: readonly Disc[]): ManifestDraft {
  const discOf = new Map(discs.flatMap(({ files }, index) => files.map(({ path }) => [path, index + 1] as const)));
  const files = draft.files.map((file) => {
    const disc = discOf.get(file.path) ?? 1;
    return disc === 1 ? file : { ...file, disc };
  });
  return { ...draft, discs: discs.length, files };
}

type WrittenDisc = { file: string; digest: StreamDigest };

async function writeEach(
  medium: MediumToWrite,
  discs: readonly Disc[],
  digests: AsyncDisposableStack,
  context: StageContext,
): Promise<WrittenDisc[]> {
  const { draft, identity, signer } = medium;
  const { exec, emit, signal } = context;
  const placeholders = placeholderFiles(draft, signer);
  const written: WrittenDisc[] = [];
  for (const [index, { files }] of discs.entries()) {
    const disc = index + 1;
    const workspace = join(context.workspace, `disc-${disc}`);
    await mkdir(workspace);
    const output = join(workspace, 'medium.iso');
    const digest = digests.use(streamDigest());
    await writeIso({
      tree: new Map([...discTree(medium, disc, discs.length, files), ...placeholders]),
      last: [...placeholders.keys()],
      label: discVolumeLabel(draft.label, disc),
      identity: disc === 1 ? identity : discIdentity(identity, disc),
      boot: disc === 1 ? await medium.boot.isoBoot(context) : STARTS_NOTHING,
      ...{ output, workspace, digest, exec, emit, signal },
    });
    written.push({ file: output, digest });
  }
  return written;
}

/** The files of one disc, with what says which it is. */
function discTree({ tree, draft }: MediumToWrite, disc: number, of: number, files: Disc['files']): MediaTree {
  const label = { formatVersion: 1, mediumId: draft.id, disc, of };
  const own: MediaTree = new Map([[MEDIUM_PATHS.disc, fromText(`${JSON.stringify(label, null, 1)}\n`)]]);
  // What the first disc is called is in the manifest: it is the medium's own.
  if (disc > 1) {
    const numbered = { label: discVolumeLabel(draft.label, disc), autorun: false };
    for (const [path, source] of labelFiles(numbered)) own.set(path, source);
    const publicKey = tree.get(MEDIUM_PATHS.publicKey);
    if (publicKey !== undefined) own.set(MEDIUM_PATHS.publicKey, publicKey);
  }
  for (const { path } of files) {
    const source = tree.get(path);
    if (source === undefined) throw new Error(`${path} is not in the tree`);
    own.set(path, source);
  }
  return own;
}

function tooLarge(disc: number, bytes: number, discBytes: number): MediasmithError {
  return new MediasmithError(
    'BUILD_FAILED',
    `disc ${disc} came out with ${formatBytes(bytes)}, and a disc holds ${formatBytes(discBytes)}`,
    { lines: [`${bytes} bytes of ${discBytes}`], hint: 'Give a somewhat smaller mediaSize.' },
  );
}
