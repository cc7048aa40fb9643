import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Argv, Exec } from '../../runtime/host/exec.ts';

export type SingleExecutable = {
  /** The Node that builds: it must be able to run here and write the blob that `template` reads. Nodes of one version do. */
  node: string;
  /** The Node that becomes the executable, for whichever system. */
  template: string;
  /** One CommonJS text. */
  program: Uint8Array;
  /** Further files inside the executable, by name. */
  assets?: ReadonlyMap<string, Uint8Array>;
  /** A folder for the intermediate files. */
  workspace: string;
  output: string;
};

/** Makes one executable of a Node and a program. The same input gives the same bytes: without code cache it holds no time and no path. */
export async function buildSingleExecutable(options: SingleExecutable, exec: Exec): Promise<void> {
  const main = join(options.workspace, 'main.cjs');
  const configuration = join(options.workspace, 'sea.json');
  await writeFile(main, options.program);
  const names = [...(options.assets?.keys() ?? [])];
  for (const [name, data] of options.assets ?? []) await writeFile(join(options.workspace, name), data);
  await writeFile(configuration, JSON.stringify(seaConfiguration({ ...options, main: 'main.cjs', assets: names })));
  await exec(buildSeaArgv(options.node, configuration), { cwd: options.workspace });
}

function seaConfiguration(options: {
  main: string;
  template: string;
  output: string;
  assets: readonly string[];
}): object {
  return {
    main: options.main,
    output: options.output,
    executable: options.template,
    disableExperimentalSEAWarning: true,
    useSnapshot: false,
    useCodeCache: false,
    execArgvExtension: 'none',
    assets: Object.fromEntries(options.assets.map((name) => [name, name])),
  };
}

export function buildSeaArgv(node: string, configuration: string): Argv {
  return [node, '--build-sea', configuration];
}
