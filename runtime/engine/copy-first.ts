import { MediasmithError } from '../contract/errors.ts';
import type { Manifest, ManifestFile } from '../contract/manifest.ts';
import { discOfFile, partsOf } from '../platform/medium-parts.ts';
import type { AskForDisc, Medium, Platform } from '../platform/platform.ts';
import type { Step } from '../sequence/schema.ts';
import type { Ask } from '../steps/context.ts';
import { filesNeededBy } from './needed-files.ts';

/**
 * What is copied onto the disk that is being deployed before it is used, disc by disc: all that these steps may need.
 * Undefined where the medium stays in its drive, or content lies where nobody takes it out: on the network, or where a
 * bootable medium says.
 */
export function contentToKeep(
  steps: Iterable<Step>,
  { manifest, launchMode, startedFrom, prestaged }: ReadFrom,
): readonly ManifestFile[] | undefined {
  if (startedFrom !== undefined || launchMode === 'PXE' || prestaged === true) return undefined;
  if (!manifest.copyFirst && manifest.discs === undefined) return undefined;
  return contentOf(steps, manifest);
}

/**
 * What an installed Windows must have on its own volume of all that these steps may need, because the medium is gone by
 * then: out of its drive, or off the disk.
 */
export function contentToCarry(steps: Iterable<Step>, medium: ReadFrom): readonly ManifestFile[] | undefined {
  return medium.prestaged === true ? contentOf(steps, medium.manifest) : contentToKeep(steps, medium);
}

type ReadFrom = Pick<Medium, 'manifest' | 'launchMode' | 'startedFrom' | 'prestaged'>;

function contentOf(steps: Iterable<Step>, manifest: Manifest): readonly ManifestFile[] {
  const files = [...filesNeededBy(steps, manifest)].flatMap((path) => partsOf(manifest.files, path));
  return [...new Set(files)].sort((a, b) => discOfFile(a) - discOfFile(b));
}

/** Somebody at the machine who changes discs. */
export function discAsker(ask: Ask): AskForDisc {
  return async ({ disc, of, label }, others) => {
    const wanted = of === 1 ? `Put the medium in again: ${label}` : `Put in disc ${disc} of ${of}: ${label}`;
    const instead = others.map((other) => `In ${other}\n`).join('');
    await ask.text(`${instead}${wanted}, then press Enter`);
  };
}

/** Where nobody changes discs, all that a run needs must be in drives before anything is changed. */
export async function refuseMissingDiscs(
  platform: Platform,
  medium: Medium,
  files: readonly ManifestFile[],
): Promise<void> {
  const { discs } = medium.manifest;
  if (discs === undefined) return;
  const missing = await platform.missingDiscs(medium, [...new Set(files.map(discOfFile))]);
  if (missing.length === 0) return;
  const which =
    missing.length === 1 ? `disc ${missing[0]} of ${discs} is` : `discs ${missing.join(', ')} of ${discs} are`;
  throw new MediasmithError('MEDIUM_NOT_FOUND', `${which} in no drive, and nobody is there to put discs in`, {
    lines: files
      .filter((file) => missing.includes(discOfFile(file)))
      .map((file) => `disc ${discOfFile(file)}: ${file.path}`),
    hint: 'Put all discs of the set into drives before the machine is started, or use a stick. Nothing was changed.',
  });
}
