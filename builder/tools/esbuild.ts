import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

export type BundleOptions = {
  entry: string;
  projectFolder: string;
  /** What the entry imports by this name stays outside. */
  external?: readonly string[];
};

/** `inputs`: the files it was made of, and those that say how. */
export type Bundle = { program: Uint8Array; inputs: string[] };

const ESBUILD = createRequire(import.meta.url).resolve('esbuild');

/**
 * A program and everything it imports as one CommonJS text for a Node single executable; koffi stays outside, because
 * its addon lies beside the executable. The same sources give the same text: paths in it are relative to `projectFolder`.
 */
export async function bundleForNode(options: BundleOptions): Promise<Bundle> {
  const result = await build({
    entryPoints: [options.entry],
    absWorkingDir: options.projectFolder,
    outfile: `${basename(options.entry, '.ts')}.cjs`,
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'cjs',
    target: 'node26',
    charset: 'utf8',
    external: ['koffi', ...(options.external ?? [])],
    minify: true,
    keepNames: true,
    logLevel: 'silent',
    // CommonJS has no import.meta; packages use its URL to find built-in modules by.
    define: { 'import.meta.url': 'bundleUrl' },
    banner: { js: "const bundleUrl = require('node:url').pathToFileURL(process.execPath).href;" },
  });
  const [output] = result.outputFiles;
  if (output === undefined) throw new Error(`esbuild gave nothing for ${options.entry}`);
  const sources = Object.keys(result.metafile.inputs).map((path) => join(options.projectFolder, path));
  return { program: output.contents, inputs: [...sources, fileURLToPath(import.meta.url), ESBUILD] };
}
