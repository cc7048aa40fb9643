import { basename } from 'node:path';
import { build } from 'esbuild';

/**
 * A program and everything it imports as one CommonJS text for a Node single executable; koffi stays outside, because
 * its addon lies beside the executable. The same sources give the same text: paths in it are relative to `projectFolder`.
 * What `external` names, as the entry imports it, stays outside too.
 */
export async function bundleForNode(options: {
  entry: string;
  projectFolder: string;
  external?: readonly string[];
}): Promise<Uint8Array> {
  const result = await build({
    entryPoints: [options.entry],
    absWorkingDir: options.projectFolder,
    outfile: `${basename(options.entry, '.ts')}.cjs`,
    bundle: true,
    write: false,
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
  return output.contents;
}
