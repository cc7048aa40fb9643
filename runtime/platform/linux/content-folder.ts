import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { ContentPlace } from '../../contract/content-from.ts';
import type { Exec } from '../../host/exec.ts';
import { casePath } from '../case-path.ts';
import { manifestIdAt } from '../manifest-id.ts';
import { noContentFolder } from '../no-content-folder.ts';
import type { MountedMedium } from '../platform.ts';
import { diskNameOf } from './block-devices.ts';
import { mountVolume } from './mount.ts';
import { listEntries } from './sysfs.ts';
import { volumeLabel } from './volume-label.ts';

/** As for the medium itself: slow sticks need a while before the kernel shows them. */
const PATIENCE_SECONDS = 60;
const LOOK_AGAIN_MILLISECONDS = 200;

type Search = { exec: Exec; sys: string; dev: string; signal?: AbortSignal | undefined; patienceSeconds?: number };
type Folder = ContentPlace & { kind: 'folder' };

/**
 * Looks at every block device until a volume with the label, whatever its case, has a medium in the folder, and mounts it
 * for reading. Where several volumes have the label, the one with the medium counts.
 */
export async function mountContentFolder(folder: Folder, search: Search): Promise<MountedMedium> {
  const { sys, dev, signal, patienceSeconds = PATIENCE_SECONDS } = search;
  const deadline = performance.now() + patienceSeconds * 1000;
  for (;;) {
    signal?.throwIfAborted();
    const seen: [device: string, label: string][] = [];
    for (const name of await listEntries(sys, 'class/block')) {
      const device = join(dev, name);
      const volume = await volumeLabel(device);
      if (volume === undefined) continue;
      seen.push([device, volume.label]);
      if (volume.label.toLowerCase() !== folder.label.toLowerCase()) continue;
      const root = await mountedFolder(search.exec, volume.fileSystem, device, folder.path);
      if (root !== undefined) return { root, device, disk: await diskNameOf(sys, device), launchMode: 'UFD' };
    }
    if (performance.now() >= deadline) throw noContentFolder(folder, seen);
    await setTimeout(LOOK_AGAIN_MILLISECONDS, undefined, { ...(signal !== undefined && { signal }) });
  }
}

/** Undefined, and nothing mounted, where there is no medium in the folder. */
async function mountedFolder(
  exec: Exec,
  fileSystem: Parameters<typeof mountVolume>[1],
  device: string,
  path: string,
): Promise<string | undefined> {
  const mounted = await mountVolume(exec, fileSystem, device, 'read').catch(() => undefined);
  if (mounted === undefined) return undefined;
  const root = path === '' ? mounted.path : (await casePath(mounted.path, path)).path;
  if ((await manifestIdAt(root)) !== undefined) return root;
  await mounted[Symbol.asyncDispose]();
  return undefined;
}
