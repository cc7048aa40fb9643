import { mkdir, mkdtemp, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { MediasmithError } from '../../runtime/contract/errors.ts';
import type { Emit } from '../../runtime/contract/events.ts';
import type { Exec } from '../../runtime/host/exec.ts';
import { exists } from '../../runtime/host/exists.ts';
import { captureImages } from './capture.ts';
import { EDITIONS } from './editions.ts';
import { type ImageEntry, sizeOf } from './image-entry.ts';
import { imageKey } from './image-key.ts';
import { editionFiles, FULL_SIZE, type ImageSize, planImage } from './image-plan.ts';
import { makeNtfsVolume, withMountedNtfs } from './ntfs-volume.ts';
import { populate } from './populate.ts';

export type DemoImage = {
  path: string;
  /** The length of the WIM. */
  bytes: number;
  /** Names of files in one image, hard links counted each. */
  files: number;
  /** What the files of one image hold when it is applied, hard links counted once. */
  contentBytes: number;
};

type Options = {
  /** A cache: the image is kept in it under a name that says what is in it. */
  folder: string;
  exec: Exec;
  emit: Emit;
  signal?: AbortSignal;
  size?: ImageSize;
};

const TITLE = 'Making a stand-in for a Windows image';

/**
 * A WIM with two editions of a made-up Windows, for trying things without a real one. The one in the cache is used again;
 * a new one takes its place only when it is whole. Nothing in it comes from Microsoft.
 *
 * Throws `BUILD_FAILED` without root (it mounts an NTFS volume) and `TOOL_MISSING` without ntfs-3g, attr or libwim.
 */
export async function makeDemoImage(options: Options): Promise<DemoImage> {
  const plan = planImage(options.size ?? FULL_SIZE, EDITIONS[0]);
  const path = join(options.folder, `stand-in-${imageKey(plan)}.wim`);
  const files = plan.filter(({ kind }) => kind === 'file' || kind === 'hard-link').length;
  if (!(await exists(path))) await build(path, plan, options);
  return { path, bytes: (await stat(path)).size, files, contentBytes: bytesOf(plan) };
}

async function build(path: string, plan: readonly ImageEntry[], options: Options): Promise<void> {
  requireRoot();
  const started = performance.now();
  options.emit({ event: 'stage-started', name: 'stand-in-image', title: TITLE });
  await mkdir(options.folder, { recursive: true });
  await checkSpace(options.folder, 3 * bytesOf(plan));
  const work = await mkdtemp(join(options.folder, 'stand-in-'));
  try {
    const volumes = await makeVolumes(work, plan, options);
    await captureImages(volumes, path, options);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  const seconds = (performance.now() - started) / 1000;
  options.emit({ event: 'stage-finished', name: 'stand-in-image', title: TITLE, seconds });
}

/** One volume for each edition: the second is a copy of the first with the files changed that the editions do not share. */
async function makeVolumes(work: string, plan: readonly ImageEntry[], options: Options): Promise<[string, string]> {
  const { exec, emit, signal } = options;
  const [first, second]: [string, string] = [join(work, 'first.ntfs'), join(work, 'second.ntfs')];
  const mountPoint = join(work, 'volume');
  const total = bytesOf(plan);
  const onBytes = (done: number) => emit({ event: 'progress', title: TITLE, done, total, unit: 'bytes' });
  await makeNtfsVolume(first, volumeSize(total, plan.length), { exec, signal });
  await withMountedNtfs(first, mountPoint, exec, () => populate(mountPoint, plan, { exec, signal, onBytes }));
  await exec(['cp', '--sparse=always', first, second], { ...(signal && { signal }) });
  await withMountedNtfs(second, mountPoint, exec, () =>
    populate(mountPoint, editionFiles(EDITIONS[1]), { exec, signal }),
  );
  return [first, second];
}

function requireRoot(): void {
  if (process.getuid?.() === 0) return;
  throw new MediasmithError('BUILD_FAILED', 'making the stand-in image needs root: it mounts an NTFS volume', {
    hint: 'Run the command again with sudo.',
  });
}

/** Two volumes and the WIM at the same time. ntfs-3g calls a full disk an input/output error, so it is asked first. */
async function checkSpace(folder: string, needed: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize >= needed) return;
  throw new MediasmithError('NO_SPACE', `the stand-in image needs ${needed} bytes, ${bavail * bsize} are free`, {
    where: folder,
    hint: 'Make room there, or choose another cache folder.',
  });
}

function bytesOf(plan: readonly ImageEntry[]): number {
  return plan.reduce((sum, entry) => sum + (entry.kind === 'file' ? sizeOf(entry.content) : 0), 0);
}

/** Room for the log, the file records and the clusters that files do not fill. */
function volumeSize(bytes: number, names: number): number {
  return Math.ceil((bytes * 1.05 + names * 8192 + 64 * 1024 ** 2) / 4096) * 4096;
}
