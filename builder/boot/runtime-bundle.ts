import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { keptBundle } from './kept-bundle.ts';

const PROJECT_FOLDER = fileURLToPath(new URL('../../', import.meta.url));

/** The runtime's programs before they are built into an executable, the same for every system. */
export type RuntimeBundle = {
  /** What starts, and emits the first event. */
  program: Uint8Array;
  /** What `program` loads after that, by the name it asks for. */
  assets: ReadonlyMap<string, Uint8Array>;
};

/** Apart from the program that starts, because reading it would hold up the first event. The name is runtime/main.ts's. */
const RUN_ASSET = { name: 'run.cjs', module: './run.ts' };

/** Bundles the runtime, or what `entry` names in its place. The same sources give the same bytes. */
export async function bundleRuntime(
  cacheFolder: string,
  entry: string = join(PROJECT_FOLDER, 'runtime/main.ts'),
): Promise<RuntimeBundle> {
  const projectFolder = PROJECT_FOLDER;
  const program = await keptBundle({ entry, projectFolder, external: [RUN_ASSET.module] }, cacheFolder);
  const run = join(PROJECT_FOLDER, 'runtime', RUN_ASSET.module);
  const rest = await keptBundle({ entry: run, projectFolder }, cacheFolder);
  return { program, assets: new Map([[RUN_ASSET.name, rest]]) };
}

/** The texts of a bundle, for a key over its content. */
export function bundleTexts({ program, assets }: RuntimeBundle): string[] {
  return [program, ...assets.values()].map((data) => Buffer.from(data).toString('utf8'));
}
