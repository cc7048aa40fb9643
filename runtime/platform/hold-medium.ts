import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { ManifestFile, MEDIUM_PATHS } from '../contract/manifest.ts';

const Facts = z.object({
  label: z.string(),
  copyFirst: z.boolean().default(false),
  discs: z.int().min(2).optional(),
  prestaged: z.literal(true).optional(),
  contentFrom: z.unknown().optional(),
  files: z.array(ManifestFile),
});
/** What the manifest says of how the medium is read. */
export type MediumFacts = z.infer<typeof Facts>;

/** Undefined for a damaged manifest, whose damage the verification names. */
export async function mediumFactsAt(root: string): Promise<MediumFacts | undefined> {
  try {
    return Facts.parse(JSON.parse(await readFile(join(root, MEDIUM_PATHS.manifest), 'utf8')));
  } catch {
    return undefined;
  }
}

/** Whether the medium may be out of its drive while a run goes on. A bootable one has nothing that could be copied. */
export function mayBeTakenOut({
  discs,
  copyFirst,
  contentFrom,
}: Pick<MediumFacts, 'discs' | 'copyFirst' | 'contentFrom'>): boolean {
  return contentFrom === undefined && (copyFirst || discs !== undefined);
}

/** What is read before a sequence is chosen, and whenever somebody goes back to the menu. */
export function isReadFirst(path: string): boolean {
  const alone: readonly string[] = [MEDIUM_PATHS.machines, MEDIUM_PATHS.identity, MEDIUM_PATHS.sealed];
  return path.startsWith(`${MEDIUM_PATHS.sequences}/`) || alone.includes(path);
}

/** Copies what must stay readable into a folder. Returns the paths; what cannot be read is damage, and named later. */
export async function holdMedium(root: string, facts: MediumFacts, folder: string): Promise<Set<string>> {
  const { manifest, manifestDigest, manifestSignature } = MEDIUM_PATHS;
  const listed = facts.files.map(({ path }) => path).filter(isReadFirst);
  const held = new Set<string>();
  for (const path of [manifest, manifestDigest, manifestSignature, ...listed]) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    const copied = await copyFile(join(root, path), join(folder, path)).then(
      () => true,
      () => false,
    );
    if (copied) held.add(path);
  }
  return held;
}

/** The digest that lies beside the manifest. */
export async function manifestDigestAt(root: string): Promise<string> {
  return (await readFile(join(root, MEDIUM_PATHS.manifestDigest), 'utf8').catch(() => '')).slice(0, 64);
}
