import { hashFile } from '../../hash.ts';
import type { SourceTree } from '../../sources/source-tree.ts';
import type { BootFileTree } from './boot-file-set.ts';
import { type ImageBootFiles, namesIn } from './image-boot-files.ts';

/** What boot files of a source are, wherever they lie: sources/ and the optional components are not among them. */
const BOOT_FILE = /^(.*\/)?((boot|efi|fwfiles|bootbins|oscdimg)\/.*|bootmgr[^/]*)$/i;

/** Stands for the content of all boot files that could be taken from these sources. */
export async function fingerprintMedia(sources: readonly SourceTree[]): Promise<string[]> {
  const lines: string[] = [];
  for (const source of sources) {
    const paths = source.files().filter((path) => BOOT_FILE.test(path));
    for (const [index, file] of (await source.fetch(paths)).entries())
      lines.push(`${paths[index]?.toLowerCase()} ${await hashFile(file)}`);
  }
  return lines.sort();
}

/** Several sources of boot files as one: the first that has a file gives it. Undefined without any. */
export function mediaBootFiles(
  sources: readonly SourceTree[],
): { tree: BootFileTree; fetch: ImageBootFiles['fetch'] } | undefined {
  if (sources.length === 0) return undefined;
  const holder = (path: string) => sources.find((source) => source.find(path) !== undefined);
  return {
    tree: {
      name: sources.map(({ path }) => path).join(', '),
      has: (path) => holder(path) !== undefined,
      list: (folder) =>
        sources.map((source) => namesIn(folder, source.files())).find((names) => names.length > 0) ?? [],
    },
    fetch: async (paths) => {
      const files = new Map<string, string>();
      for (const [source, wanted] of Map.groupBy(paths, holder)) {
        const fetched = (await source?.fetch(wanted)) ?? [];
        for (const [index, path] of wanted.entries()) files.set(path, fetched[index] ?? '');
      }
      return paths.map((path) => files.get(path) ?? '');
    },
  };
}
