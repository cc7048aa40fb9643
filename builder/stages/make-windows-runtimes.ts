import { prepareWindowsRuntime, type WindowsRuntimeOptions } from '../boot/winpe/windows-runtime.ts';
import { fromFile, fromText, type MediaTree } from '../media-tree.ts';
import type { PlannedRuntime } from '../plan/plan-windows-runtimes.ts';

/** What is in mediasmith.exe besides ourselves. */
const NOTICES_PATH = 'mediasmith/windows-runtime.json';

/** The runtimes for an installed Windows as files of the medium. */
export type WindowsRuntimes = {
  tree: MediaTree;
  /** Stand for all they are made from. */
  keys: string[];
};

export async function makeWindowsRuntimes(
  planned: readonly PlannedRuntime[],
  options: Omit<WindowsRuntimeOptions, 'architecture'>,
): Promise<WindowsRuntimes> {
  const tree: MediaTree = new Map();
  const made: { architecture: string; key: string; packages: object }[] = [];
  for (const { architecture, path } of planned) {
    const { key, executable, notices } = await prepareWindowsRuntime({ ...options, architecture });
    tree.set(path, fromFile(executable));
    made.push({ architecture, key, packages: notices });
  }
  if (made.length > 0) tree.set(NOTICES_PATH, fromText(`${JSON.stringify(made, null, 2)}\n`));
  return { tree, keys: made.map(({ key }) => key) };
}
