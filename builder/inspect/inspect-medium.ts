import type { Manifest } from '../../runtime/contract/manifest.ts';
import type { SourceContext } from '../sources/source-tree.ts';
import { PXE_PATHS } from '../writers/pxe/paths.ts';
import { type EfiProgram, type EfiProgramFacts, efiPrograms, factsOf } from './efi-programs.ts';
import { environmentSigning } from './environment-signing.ts';
import type { MediumFiles } from './medium-files.ts';
import { openMedium } from './open-medium.ts';
import { corruptManifest, readMediumManifest } from './read-manifest.ts';

export type MediumType = 'iso' | 'pxe' | 'folder';

/** What `inspect --json` prints of a medium. What the medium does not say is null. */
export type MediumDocument = {
  id: string;
  label: string;
  type: MediumType;
  bootEnvironments: {
    kind: Manifest['bootEnvironment'];
    architecture: string | null;
    /** 2011, 2023, other, unsigned or mixed for WinPE; for Linux the authorities behind its shim. */
    signing: string;
    files: EfiProgramFacts[];
  }[];
  operatingSystems: {
    name: string;
    edition: string | null;
    architecture: string | null;
    version: string | null;
    language: string | null;
  }[];
  sequences: { id: string; name: string }[];
  /** Bytes are what an image or a package needs once it is applied. */
  content: { id: string; kind: 'package' | 'image'; bytes: number }[];
};

/** A medium, and what of it a person wants to see besides the document. */
export type InspectedMedium = {
  document: MediumDocument;
  manifest: Manifest;
  startsUnder: MediumFiles['startsUnder'];
  /** Of all files. */
  bytes: number;
};

/**
 * Reads what a medium is and who signed what it starts. Does not compare its files: that is for `verifyMedium`.
 *
 * Throws `MEDIUM_INVALID` for anything else than a medium, `MEDIUM_CORRUPT` where its manifest is damaged.
 */
export async function inspectMedium(path: string, context: SourceContext): Promise<InspectedMedium> {
  const medium = await openMedium(path, context);
  const { manifest, damage } = await readMediumManifest(medium);
  if (damage !== undefined) throw corruptManifest(path, damage);
  const programs = await efiPrograms(medium, context);
  return {
    document: documentOf(manifest, typeOf(medium, manifest), programs),
    manifest,
    startsUnder: medium.startsUnder,
    bytes: medium.files.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

/** Only a PXE tree has files for the network among those that its manifest vouches for. */
export function typeOf({ kind }: Pick<MediumFiles, 'kind'>, { files }: Pick<Manifest, 'files'>): MediumType {
  if (kind === 'iso') return 'iso';
  return files.some(({ path }) => path.startsWith(`${PXE_PATHS.folder}/`)) ? 'pxe' : 'folder';
}

function documentOf(manifest: Manifest, type: MediumType, programs: readonly EfiProgram[]): MediumDocument {
  const { id, label, bootEnvironment, images, packages, sequences } = manifest;
  const started = programs.find(({ signing }) => signing?.startedByFirmware) ?? programs[0];
  return {
    id,
    label,
    type,
    bootEnvironments: [
      {
        kind: bootEnvironment,
        architecture: started?.machine ?? null,
        signing: environmentSigning(bootEnvironment, programs),
        files: programs.map(factsOf),
      },
    ],
    operatingSystems: images.map(({ name, edition, architecture, version, language }) => ({
      name,
      edition: edition ?? null,
      architecture: architecture ?? null,
      version: version ?? null,
      language: language ?? null,
    })),
    sequences: sequences.map((sequence) => ({ id: sequence.id, name: sequence.name })),
    content: [
      ...images.map(({ name, bytes }) => ({ id: name, kind: 'image' as const, bytes })),
      ...packages.map(({ name, bytes }) => ({ id: name, kind: 'package' as const, bytes })),
    ],
  };
}
