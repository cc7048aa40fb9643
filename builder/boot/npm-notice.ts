import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { MediasmithError } from '../../runtime/contract/errors.ts';
import type { PackageNotice } from './package-notice.ts';

const PackageJson = z.object({ name: z.string(), version: z.string(), license: z.string() });

/** What an unpacked npm package says about itself. */
export async function npmNotice(folder: string): Promise<PackageNotice> {
  const text = await readFile(join(folder, 'package.json'), 'utf8');
  const { name, version, license } = PackageJson.parse(JSON.parse(text));
  return { name, version, source: `npm:${name}`, sourceVersion: version, licence: license };
}

/** The folder of a package that npm has installed beside us. `TOOL_MISSING` where it has not. */
export function installedPackageFolder(name: string): string {
  try {
    return dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
  } catch (cause) {
    throw new MediasmithError('TOOL_MISSING', `the package ${name} is not installed`, {
      hint: 'Run "npm ci" without leaving optional dependencies out.',
      cause,
    });
  }
}
