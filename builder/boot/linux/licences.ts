import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PackageNotice } from '../package-notice.ts';
import type { Resolution } from './resolve-packages.ts';

/** Copies the copyright file of every package into `folder` as `<package>.txt` and tells what each says. */
export async function collectNotices(root: string, resolution: Resolution, folder: string): Promise<PackageNotice[]> {
  await mkdir(folder, { recursive: true });
  const notices: PackageNotice[] = [];
  for (const { name, version, source, sourceVersion } of resolution.packages) {
    const copyright = await readFile(join(root, 'usr/share/doc', name, 'copyright'), 'utf8');
    await writeFile(join(folder, `${name}.txt`), copyright);
    notices.push({ name, version, source, sourceVersion, licence: licenceOf(copyright) ?? `see ${name}.txt` });
  }
  return notices;
}

/** The short licence names of a machine-readable copyright file (DEP-5), in order; undefined for free text. */
export function licenceOf(copyright: string): string | undefined {
  if (!/^Format: .*copyright-format/im.test(copyright)) return undefined;
  const names = new Set([...copyright.matchAll(/^License: *(\S.*)$/gim)].map((match) => (match[1] ?? '').trim()));
  return names.size === 0 ? undefined : [...names].join(', ');
}
