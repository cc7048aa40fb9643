import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MediasmithError } from '../../runtime/contract/errors.ts';
import { liesOnBootVolume, MEDIUM_PATHS } from '../../runtime/contract/manifest.ts';
import { type Output, type StickLayout, volumesOf } from '../config/schema.ts';
import { hashBytes } from '../hash.ts';
import { wimFiles } from '../inspect/wim-files.ts';
import { finishedFiles, type ManifestDraft } from '../manifest-draft.ts';
import type { MediaSource } from '../media-tree.ts';
import { PRESTAGED_IMAGES } from '../prestaged-images.ts';
import { stickIdentity } from '../stick/stick-identity.ts';
import { captureFiles, type FileToCapture } from './capture-files.ts';
import { lookAtSources, type TreeSources } from './look-at-sources.ts';
import type { MediumToWrite } from './medium-to-write.ts';
import type { StageContext } from './stage.ts';
import { type WrittenStickImage, writeStickImage } from './write-stick-image.ts';

/**
 * Writes a medium that is laid onto the disk it deploys, into the workspace: the image of that disk, or a WIM with one image
 * for each of its volumes. It is the same medium as the other outputs, and says in its manifest where it lies.
 */
export async function writePrestaged(
  medium: MediumToWrite,
  output: Output,
  context: StageContext,
): Promise<WrittenStickImage> {
  const prestaged = { ...medium, draft: prestagedDraft(medium.draft) };
  if (/\.img$/i.test(output.prestaged ?? '')) return writeStickImage(prestaged, output, context);
  return writePrestagedWim(prestaged, volumesOf(output).layout, context);
}

function prestagedDraft({ sources, files, ...draft }: ManifestDraft): ManifestDraft {
  return { ...draft, prestaged: true, sources, files };
}

/** Captured by libwim, and read back. `SOURCE_CHANGED` when a source was changed meanwhile. */
async function writePrestagedWim(
  { tree, draft, signer }: MediumToWrite,
  layout: StickLayout,
  context: StageContext,
): Promise<WrittenStickImage> {
  const { signal, workspace } = context;
  const sources = await lookAtSources(tree, context);
  const hashes = await hashSources([...tree.keys()], sources, context);
  const late = finishedFiles(draft, hashes, signer);
  const files: FileToCapture[] = [...tree].map(([path, source]) => ({ path, source, bytes: sources.bytesOf(path) }));
  for (const [path, data] of late) files.push({ path, source: { kind: 'bytes', data }, bytes: data.length });
  const file = join(workspace, 'prestaged.wim');
  const wim = {
    images: PRESTAGED_IMAGES[layout].map((name, index) => ({
      name,
      files: files.filter(({ path }) => (layout === 'fat32' || liesOnBootVolume(path) ? 0 : 1) === index),
    })),
    guid: hashBytes(Buffer.from(`${draft.id} ${layout}`)).slice(0, 32),
    seconds: stickIdentity(draft.id).time,
  };
  const onProgress = ({ doneBytes, totalBytes }: { doneBytes: number; totalBytes: number }): void =>
    context.emit({ event: 'progress', title: 'Writing', done: doneBytes, total: totalBytes, unit: 'bytes' });
  try {
    await captureFiles(wim, file, { signal, onProgress });
  } catch (error) {
    // What libwim makes of a source that has become shorter is no help.
    if (!signal.aborted) await sources.refuseChanged();
    throw error;
  }
  await sources.refuseChanged();
  const expected = files.map(({ path, source, bytes }) => ({ path, bytes, sha256: hashOf(path, source, hashes) }));
  await readBack(file, expected, context);
  const { size } = await stat(file);
  return { file, bytes: size, sha256: hashBytes(late.get(MEDIUM_PATHS.manifest) ?? Buffer.alloc(0)) };
}

function hashSources(
  paths: readonly string[],
  sources: TreeSources,
  { signal, emit }: StageContext,
): Promise<Map<string, string>> {
  const unknown = paths.filter((path) => sources.known(path) === undefined);
  const total = unknown.reduce((sum, path) => sum + sources.bytesOf(path), 0);
  let done = 0;
  const onBytes = (count: number): void => {
    done += count;
    emit({ event: 'progress', title: 'Hashing', done, total, unit: 'bytes' });
  };
  return sources.hashAll({ signal, onBytes });
}

function hashOf(path: string, source: MediaSource, hashes: ReadonlyMap<string, string>): string | undefined {
  return source.kind === 'bytes' ? hashBytes(source.data) : hashes.get(path);
}

type Expected = { path: string; bytes: number; sha256: string | undefined };

/** As `verify` reads it, file by file. `READ_BACK_FAILED` names the first that is not what its source was. */
async function readBack(file: string, expected: readonly Expected[], context: StageContext): Promise<void> {
  const { emit, signal } = context;
  const total = expected.reduce((sum, { bytes }) => sum + bytes, 0);
  let done = 0;
  const onBytes = (count: number): void => {
    done += count;
    emit({ event: 'progress', title: 'Reading back', done, total, unit: 'bytes' });
  };
  const there = await wimFiles(file, context);
  for (const { path, sha256 } of expected) {
    if (there?.find(path) && (await there.hash(path, { signal, onBytes })) === sha256) continue;
    throw new MediasmithError('READ_BACK_FAILED', `what was read back of ${path} is not what was written`, {
      where: path,
      hint: 'The disk or the memory of this computer fails: write to another disk. No output was replaced.',
    });
  }
}
