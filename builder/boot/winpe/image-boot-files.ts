import { join } from 'node:path';
import { WimFile } from '../../../runtime/wim/wim-file.ts';
import type { BootFileTree } from './boot-file-set.ts';

const BOOT = 'Windows/Boot';

/** The boot files inside a boot.wim. `fetch` takes paths as `tree` knows them and gives files on this machine. */
export type ImageBootFiles = Disposable & {
  tree: BootFileTree;
  fetch: (paths: readonly string[]) => Promise<string[]>;
};

/**
 * Looks into the image that starts and, for what that lacks, into the first: Microsoft's own conversion takes the files
 * signed in 2023 from there (KB5053484).
 */
export async function imageBootFiles(
  file: string,
  index: number,
  { folder, signal, name }: { folder: string; signal: AbortSignal; name: string },
): Promise<ImageBootFiles> {
  const wim = await WimFile.open(file, { signal });
  const found = new Map<string, { index: number; path: string }>();
  for (const image of new Set([index, 1])) {
    if (!(await wim.exists(image, BOOT))) continue;
    for (const entry of await wim.listPaths(image, BOOT, { recursive: true, signal })) {
      const path = entry.path.replace(/^\//, '');
      if (!found.has(path.toLowerCase())) found.set(path.toLowerCase(), { index: image, path });
    }
  }
  return {
    tree: {
      name,
      has: (path) => found.has(path.toLowerCase()),
      list: (parent) =>
        namesIn(
          parent,
          [...found.values()].map(({ path }) => path),
        ),
    },
    fetch: async (paths) => {
      const wanted = paths.map((path) => found.get(path.toLowerCase()) ?? { index, path });
      for (const [image, entries] of Map.groupBy(wanted, (entry) => entry.index))
        await wim.extractPaths(
          image,
          entries.map(({ path }) => path),
          folder,
          { signal },
        );
      return wanted.map(({ path }) => join(folder, path));
    },
    [Symbol.dispose]: () => wim[Symbol.dispose](),
  };
}

/** The names right in a folder, whatever its case. */
export function namesIn(folder: string, paths: readonly string[]): string[] {
  const prefix = folder === '' ? '' : `${folder.toLowerCase()}/`;
  return paths
    .filter((path) => path.toLowerCase().startsWith(prefix))
    .map((path) => path.slice(prefix.length))
    .filter((rest) => rest !== '' && !rest.includes('/'));
}
