import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { MediasmithError } from '../../contract/errors.ts';
import { MEDIUM_PATHS } from '../../contract/manifest.ts';
import type { Exec } from '../../host/exec.ts';
import { exists } from '../../host/exists.ts';
import type { PresentMedium } from '../disc-source.ts';
import { manifestIdAt } from '../manifest-id.ts';
import type { MountedVolume } from '../platform.ts';
import { diskNameOf } from './block-devices.ts';
import { mediumFileSystem } from './medium-file-system.ts';
import { mountVolume } from './mount.ts';
import { listEntries } from './sysfs.ts';

/** Slow sticks and card readers need a while before the kernel shows them. */
const PATIENCE_SECONDS = 60;
const LOOK_AGAIN_MILLISECONDS = 200;

export type FoundMedium = { mounted: MountedVolume; device: string; disk: string };

/**
 * Looks at every block device until one holds the medium with this id, wherever the kernel has put it. Of a stick with
 * two volumes that is the one with the data: nothing else of the medium is needed once the machine has started.
 */
export async function findMedium(
  exec: Exec,
  sys: string,
  dev: string,
  id: string,
  signal?: AbortSignal,
): Promise<FoundMedium> {
  const deadline = performance.now() + PATIENCE_SECONDS * 1000;
  const others = new Set<string>();
  do {
    signal?.throwIfAborted();
    for (const name of await listEntries(sys, 'class/block')) {
      const device = join(dev, name);
      const fileSystem = others.has(device) ? undefined : await mediumFileSystem(device);
      if (fileSystem === undefined) continue;
      const mounted = await mountVolume(exec, fileSystem, device, 'read').catch(() => undefined);
      if (mounted === undefined) continue;
      if ((await manifestIdAt(mounted.path)) === id) return { mounted, device, disk: await diskNameOf(sys, device) };
      await mounted[Symbol.asyncDispose]();
      others.add(device);
    }
    await setTimeout(LOOK_AGAIN_MILLISECONDS, undefined, { ...(signal !== undefined && { signal }) });
  } while (performance.now() < deadline);
  throw new MediasmithError('MEDIUM_NOT_FOUND', `no drive holds the medium ${id}`, {
    hint: 'Put the stick or disc back, or try another port: the boot environment may lack the driver of this one.',
    lines: (await listEntries(sys, 'class/block')).map((name) => `looked at: ${name}`),
  });
}

/** Every drive that has a medium of ours now. */
export async function presentMedia(exec: Exec, sys: string, dev: string): Promise<PresentMedium[]> {
  const present: PresentMedium[] = [];
  for (const name of await listEntries(sys, 'class/block')) {
    const device = join(dev, name);
    const fileSystem = await mediumFileSystem(device);
    if (fileSystem === undefined) continue;
    const mounted = await mountVolume(exec, fileSystem, device, 'read').catch(() => undefined);
    if (mounted === undefined) continue;
    if (await exists(join(mounted.path, MEDIUM_PATHS.manifest)))
      present.push({ root: mounted.path, device, [Symbol.asyncDispose]: () => mounted[Symbol.asyncDispose]() });
    else await mounted[Symbol.asyncDispose]();
  }
  return present;
}
