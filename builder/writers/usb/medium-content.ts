import { MediasmithError } from '../../../runtime/contract/errors.ts';
import { type Manifest, MEDIUM_PATHS } from '../../../runtime/contract/manifest.ts';
import { biosCode } from '../../inspect/bios-code.ts';
import { openMedium } from '../../inspect/open-medium.ts';
import { readMediumManifest } from '../../inspect/read-manifest.ts';
import { validityState } from '../../inspect/validity-state.ts';
import type { SourceContext } from '../../sources/source-tree.ts';
import type { BiosCode } from '../../stick/bios-code.ts';
import { type StickFile, stickFile } from './stick-file.ts';

/** A medium as it goes onto sticks. */
export type MediumContent = {
  manifest: Manifest;
  /** What the manifest lists, and the manifest with all that vouches for it. */
  files: StickFile[];
  bios: BiosCode | undefined;
};

/** What vouches for the files and is in no list. */
export const VOUCHING: readonly string[] = [
  MEDIUM_PATHS.manifest,
  MEDIUM_PATHS.manifestDigest,
  MEDIUM_PATHS.manifestSignature,
];

/**
 * Reads what there is to write of an ISO, a folder, a stick or an image of one. `MEDIUM_CORRUPT` where something is
 * missing or has another size, `MEDIUM_INVALID` for one disc of a set and for a prestaged medium, `MEDIUM_NOT_VALID` for
 * one whose validity has ended at `now`. One that becomes valid later is taken: sticks are made before the day.
 */
export async function readMediumContent(
  path: string,
  { now = new Date(), ...context }: SourceContext & { now?: Date },
): Promise<MediumContent> {
  const medium = await openMedium(path, context);
  const { manifest, damage } = await readMediumManifest(medium);
  if (damage !== undefined) throw corrupt(path, `${MEDIUM_PATHS.manifest} ${damage}`);
  if (manifest.discs !== undefined) throw oneOfASet(path);
  if (manifest.prestaged === true) throw prestaged(path);
  if (validityState(manifest.validity ?? {}, now) === 'expired') throw expired(path, manifest.validity?.until);
  const listed = manifest.files.map(({ path: name, bytes, sha256 }) => {
    const there = medium.find(name);
    if (there === undefined) throw corrupt(path, `${name} is missing`);
    if (there.bytes !== bytes) throw corrupt(path, `${name} has ${there.bytes} bytes, the manifest says ${bytes}`);
    return stickFile(name, medium.placeOf(there.path), sha256);
  });
  const vouching = VOUCHING.flatMap((name) => {
    const there = medium.find(name);
    return there === undefined ? [] : [stickFile(name, medium.placeOf(there.path))];
  });
  return { manifest, files: [...listed, ...vouching], bios: await biosCode(medium) };
}

function corrupt(path: string, message: string): MediasmithError {
  return new MediasmithError('MEDIUM_CORRUPT', `${path} is damaged: ${message}`, {
    where: path,
    hint: 'Copy the medium again, or build it again. No stick was touched.',
  });
}

function expired(path: string, until = ''): MediasmithError {
  return new MediasmithError(
    'MEDIUM_NOT_VALID',
    `the validity of ${path} has ended ${until}: no machine would take it`,
    {
      where: path,
      hint: 'Give valid a later day in media.yaml and build it again. No stick was touched.',
    },
  );
}

function oneOfASet(path: string): MediasmithError {
  return new MediasmithError('MEDIUM_INVALID', `${path} is one disc of a set`, {
    where: path,
    hint: 'Build the project with an output usb: a stick holds what the discs hold together.',
  });
}

/** A card in a reader of the machine's own is a disk like any other there: it would be taken for the one to deploy. */
function prestaged(path: string): MediasmithError {
  return new MediasmithError(
    'MEDIUM_INVALID',
    `${path} is prestaged: it is for the disk that a machine is deployed on`,
    {
      where: path,
      hint: 'For sticks build the project with an output usb. An image gets onto the disk of a machine by dd, a WIM by DISM.',
    },
  );
}
