import { join } from 'node:path';
import type { Emit } from '../../runtime/contract/events.ts';
import type { Exec } from '../../runtime/host/exec.ts';

/** Files of a source: a folder, or what is inside a disc image. Paths have forward slashes; their case does not matter. */
export type SourceTree = {
  /** What the project calls it. */
  path: string;
  /** The path as it is spelt there, or undefined. */
  find(path: string): string | undefined;
  /** Bytes of a file that is there. */
  size(path: string): number;
  /** Every file, as it is spelt. */
  files(): string[];
  /** Where the files lie on this machine, in the order asked; those inside an image are unpacked, once. */
  fetch(paths: readonly string[]): Promise<string[]>;
  /** A folder of this machine with all of it. */
  folder(): Promise<string>;
};

export type SourceContext = { cacheFolder: string; exec: Exec; emit: Emit; signal: AbortSignal };

/** A tree over a list of files that lie, or come to lie, in `folder`; `provide` gets the paths as they are spelt there. */
export function sourceTree(
  path: string,
  files: readonly { path: string; bytes: number }[],
  folder: string,
  provide: (paths: readonly string[]) => Promise<void> = async () => {},
): SourceTree {
  const byName = new Map(files.map((file) => [file.path.toLowerCase(), file]));
  const known = (name: string) => {
    const file = byName.get(name.toLowerCase());
    if (file === undefined) throw new Error(`${name} is not in ${path}`);
    return file;
  };
  return {
    path,
    find: (name) => byName.get(name.toLowerCase())?.path,
    size: (name) => known(name).bytes,
    files: () => files.map((file) => file.path),
    fetch: async (names) => {
      const paths = names.map((name) => known(name).path);
      await provide(paths);
      return paths.map((name) => join(folder, name));
    },
    folder: async () => {
      await provide(files.map((file) => file.path));
      return folder;
    },
  };
}
