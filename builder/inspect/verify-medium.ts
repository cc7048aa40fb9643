import { basename } from 'node:path';
import { isMediasmithError } from '../../runtime/contract/errors.ts';
import type { Emit } from '../../runtime/contract/events.ts';
import { formatBytes } from '../../runtime/contract/format-bytes.ts';
import { type Manifest, type ManifestFile, MEDIUM_PATHS } from '../../runtime/contract/manifest.ts';
import type { PublicKey } from '../../runtime/seal/minisign.ts';
import { EL_TORITO_PATH } from '../boot/linux/environment.ts';
import type { SourceContext } from '../sources/source-tree.ts';
import { PXE_PATHS } from '../writers/pxe/paths.ts';
import { judgeBiosCode } from './bios-code.ts';
import { type EfiProgramFacts, efiPrograms, factsOf } from './efi-programs.ts';
import { typeOf } from './inspect-medium.ts';
import { judgePrograms } from './judge-programs.ts';
import { type JudgedSignature, judgeSignature } from './judge-signature.ts';
import type { MediumFiles } from './medium-files.ts';
import { openMedium } from './open-medium.ts';
import { readMediumManifest } from './read-manifest.ts';
import { discOf, filesOf } from './which-disc.ts';
import { winpeArchitecture } from './winpe-architecture.ts';

export type BadFile = { path: string; reason: string };

/** What `verify --json` prints. */
export type VerifiedMedium = {
  passed: boolean;
  /** How many files were compared, and their bytes. */
  files: number;
  bytes: number;
  bad: BadFile[];
  signature: JudgedSignature['signature'];
  /** Of a set: which disc it is, whose files alone were compared. */
  disc?: { disc: number; of: number };
  /** Files that the manifest does not know and nothing expects. They may be there. */
  extra: string[];
  efi: EfiProgramFacts[];
};

/** What the program that writes an ISO of the Linux environment makes: the boot catalogue, and the image it patches. */
const EL_TORITO_FILES = ['boot/boot.cat', EL_TORITO_PATH];

/**
 * Compares every file of a medium with the manifest, the manifest with its digest and its signature, and what firmware
 * starts with its own signatures. `key` must have signed the medium; without one that on the medium is taken. Damage is
 * the result and not an error.
 *
 * Throws `MEDIUM_INVALID` for anything else than a medium.
 */
export async function verifyMedium(
  path: string,
  context: SourceContext,
  key: PublicKey | undefined = undefined,
): Promise<VerifiedMedium> {
  let signature: JudgedSignature['signature'] = 'absent';
  try {
    const medium = await openMedium(path, context);
    // What nothing can be said by is not signed by anybody.
    if (medium.find(MEDIUM_PATHS.manifestSignature) !== undefined) signature = 'invalid';
    return await compare(medium, context, key);
  } catch (error) {
    if (!isMediasmithError(error) || error.code !== 'MEDIUM_CORRUPT') throw error;
    const where = error.where === path ? basename(path) : (error.where ?? basename(path));
    const bad = [{ path: where, reason: error.message }];
    return { passed: false, files: 0, bytes: 0, bad, signature, extra: [], efi: [] };
  }
}

async function compare(
  medium: MediumFiles,
  context: SourceContext,
  key: PublicKey | undefined,
): Promise<VerifiedMedium> {
  const { manifest, bytes, damage } = await readMediumManifest(medium);
  const { signature, reason } = await judgeSignature(medium, bytes, key);
  const bad: BadFile[] = damage === undefined ? [] : [{ path: MEDIUM_PATHS.manifest, reason: damage }];
  if (reason !== undefined) bad.push({ path: MEDIUM_PATHS.manifestSignature, reason });
  const disc = await discOf(manifest, medium);
  const files = filesOf(manifest.files, disc);
  bad.push(...(await compareFiles(medium, files, context)));
  if (bad.length === 0) bad.push(...(await judgeBiosCode(medium, manifest)));
  const programs = await efiPrograms(medium, context);
  const known = new Set(bad.map(({ path }) => path));
  bad.push(
    ...judgePrograms(programs, files, await winpeArchitecture(medium, manifest)).filter(({ path }) => !known.has(path)),
  );
  return {
    passed: bad.length === 0,
    files: files.length,
    bytes: files.reduce((sum, file) => sum + file.bytes, 0),
    bad: bad.sort((a, b) => (a.path < b.path ? -1 : 1)),
    signature,
    ...(disc !== undefined && { disc: { disc, of: manifest.discs ?? disc } }),
    extra: extraFiles(medium, manifest),
    efi: programs.map(factsOf),
  };
}

async function compareFiles(
  medium: MediumFiles,
  files: readonly ManifestFile[],
  { emit, signal }: SourceContext,
): Promise<BadFile[]> {
  const onBytes = progressOf(files, emit);
  const order = new Map(medium.files.map(({ path }, index) => [path, index]));
  const found = files.map((file) => ({ file, there: medium.find(file.path) }));
  const placeOf = ({ there }: (typeof found)[number]) => (there === undefined ? -1 : (order.get(there.path) ?? -1));
  const bad: BadFile[] = [];
  for (const { file, there } of found.sort((a, b) => placeOf(a) - placeOf(b))) {
    signal.throwIfAborted();
    const reason = await reasonAgainst(medium, file, there, { signal, onBytes });
    if (reason !== undefined) bad.push({ path: file.path, reason });
  }
  return bad;
}

async function reasonAgainst(
  medium: MediumFiles,
  { bytes, sha256 }: ManifestFile,
  there: { path: string; bytes: number } | undefined,
  options: { signal: AbortSignal; onBytes: (count: number) => void },
): Promise<string | undefined> {
  if (there === undefined) return 'is missing';
  if (there.bytes !== bytes) return `has ${there.bytes} bytes, the manifest says ${bytes}`;
  try {
    return (await medium.hash(there.path, options)) === sha256 ? undefined : 'its content has changed';
  } catch (error) {
    options.signal.throwIfAborted();
    return `cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function progressOf(files: readonly ManifestFile[], emit: Emit): (count: number) => void {
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  const start = performance.now();
  let done = 0;
  return (count) => {
    done += count;
    const rate = Math.round((done / Math.max(1, performance.now() - start)) * 1000);
    emit({ event: 'progress', title: `Reading ${formatBytes(total)}`, done, total, unit: 'bytes', rate });
  };
}

/** A PXE tree has texts that its owner edits; El Torito's files are made by the program that writes the ISO. */
function extraFiles(medium: MediumFiles, manifest: Manifest): string[] {
  const expected = [
    ...[MEDIUM_PATHS.manifest, MEDIUM_PATHS.manifestDigest, MEDIUM_PATHS.manifestSignature],
    ...(manifest.discs === undefined ? [] : [MEDIUM_PATHS.disc, MEDIUM_PATHS.label]),
    ...(typeOf(medium, manifest) === 'pxe' ? Object.values(PXE_PATHS) : EL_TORITO_FILES),
    ...manifest.files.map(({ path }) => path),
  ];
  const known = new Set(expected.map((path) => path.toLowerCase()));
  return medium.files
    .map(({ path }) => path)
    .filter((path) => !known.has(path.toLowerCase()))
    .sort();
}
