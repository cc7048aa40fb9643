import { stat } from 'node:fs/promises';
import { contentPlace, placeInWords } from '../../runtime/contract/content-from.ts';
import type { Manifest, Validity } from '../../runtime/contract/manifest.ts';
import { hashBytes } from '../hash.ts';
import type { SourceContext } from '../sources/source-tree.ts';
import { PXE_PATHS } from '../writers/pxe/paths.ts';
import { type EfiProgram, efiPrograms, factsOf } from './efi-programs.ts';
import { environmentSigning } from './environment-signing.ts';
import { firmwareOf } from './firmware.ts';
import type { MediumDocument, MediumType } from './medium-document.ts';
import type { MediumFiles } from './medium-files.ts';
import { signatureFacts } from './medium-signature.ts';
import { openMedium } from './open-medium.ts';
import { partSizes } from './part-sizes.ts';
import { corruptManifest, readMediumManifest } from './read-manifest.ts';
import { countSteps } from './sequence-steps.ts';
import { validityState } from './validity-state.ts';
import { discOf } from './which-disc.ts';

/**
 * Reads what a medium is, what it has on it and who signed what it starts; `now` is what its validity is held against. Does
 * not compare its files: that is for `verifyMedium`.
 *
 * Throws `MEDIUM_INVALID` for anything else than a medium, `MEDIUM_CORRUPT` where its manifest is damaged.
 */
export async function inspectMedium(path: string, context: SourceContext, now = new Date()): Promise<MediumDocument> {
  const medium = await openMedium(path, context);
  const { manifest, bytes, damage } = await readMediumManifest(medium);
  if (damage !== undefined) throw corruptManifest(path, damage);
  const programs = await efiPrograms(medium, context);
  const steps = await Promise.all(manifest.sequences.map((sequence) => countSteps(medium, sequence)));
  const type = typeOf(medium, manifest);
  return {
    id: manifest.id,
    label: manifest.label,
    type,
    bootEnvironments: [bootEnvironmentOf(manifest, programs)],
    operatingSystems: manifest.images.map(({ name, edition, architecture, version, language }) => ({
      name,
      edition: edition ?? null,
      architecture: architecture ?? null,
      version: version ?? null,
      language: language ?? null,
    })),
    sequences: manifest.sequences.map(({ id, name }, index) => ({ id, name, steps: steps[index] ?? null })),
    content: contentOf(manifest),
    drivers: driversOf(manifest),
    name: manifest.name,
    device: (await stat(path)).isBlockDevice(),
    stick: medium.stick ?? null,
    ...optionsOf(manifest, now),
    disc: (await discOf(manifest, medium)) ?? null,
    signature: await signatureFacts(medium, bytes),
    firmware: firmwareOf(medium, type, manifest),
    applications: manifest.applications.map(({ name, package: from, dependsOn }) => ({
      name,
      package: from,
      dependsOn,
    })),
    upgradePackages: upgradePackagesOf(manifest, medium),
    variables: manifest.variables.map(({ name, value, secret }) => ({ name, asked: value === undefined, secret })),
    sizes: {
      files: medium.files.length,
      bytes: medium.files.reduce((sum, file) => sum + file.bytes, 0),
      parts: partSizes(medium.files),
    },
    manifestSha256: hashBytes(bytes),
  };
}

/** Only a PXE tree has files for the network among those that its manifest vouches for. */
export function typeOf({ kind }: Pick<MediumFiles, 'kind'>, { files }: Pick<Manifest, 'files'>): MediumType {
  if (kind !== 'folder') return kind;
  return files.some(({ path }) => path.startsWith(`${PXE_PATHS.folder}/`)) ? 'pxe' : 'folder';
}

function bootEnvironmentOf(
  { bootEnvironment: kind, bootDrivers }: Manifest,
  programs: readonly EfiProgram[],
): MediumDocument['bootEnvironments'][number] {
  const started = programs.find(({ signing }) => signing?.startedByFirmware) ?? programs[0];
  return {
    kind,
    architecture: started?.machine ?? null,
    signing: environmentSigning(kind, programs),
    files: programs.map(factsOf),
    drivers: bootDrivers.map(({ name }) => name),
  };
}

function contentOf({ images, packages }: Manifest): MediumDocument['content'] {
  return [
    ...images.map(({ name, bytes }) => ({ id: name, kind: 'image' as const, bytes })),
    ...packages.map(({ name, bytes }) => ({ id: name, kind: 'package' as const, bytes })),
  ];
}

function driversOf({ packages, bootDrivers }: Manifest): MediumDocument['drivers'] {
  return [
    ...packages.flatMap(({ name, drivers }) =>
      drivers === undefined ? [] : [{ name, in: 'content' as const, ...drivers }],
    ),
    ...bootDrivers.map(({ name, ...drivers }) => ({ name, in: 'boot environment' as const, ...drivers })),
  ];
}

function upgradePackagesOf({ upgradePackages }: Manifest, { files }: MediumFiles): MediumDocument['upgradePackages'] {
  return upgradePackages.map(({ name, version, architecture, languages, editions, folder }) => {
    const own = files.filter(({ path }) => path.toLowerCase().startsWith(`${folder.toLowerCase()}/`));
    const bytes = own.reduce((sum, file) => sum + file.bytes, 0);
    return { name, version, architecture, languages, editions, bytes };
  });
}

function optionsOf(manifest: Manifest, now: Date) {
  const { builtBy, record, sources, validity, prestart, contentFrom } = manifest;
  return {
    builtBy,
    record: record ?? null,
    sources,
    validity: validity === undefined ? null : validityOf(validity, now),
    sealed: manifest.sealed ?? false,
    unattended: manifest.unattended,
    keyboardLayout: manifest.keyboardLayout ?? null,
    prestaged: manifest.prestaged ?? false,
    contentFrom: contentFrom === undefined ? null : placeInWords(contentPlace(contentFrom)),
    preferredSequence: manifest.preferredSequence ?? null,
    copyFirst: manifest.copyFirst,
    prestart: prestart === undefined ? null : { command: prestart.command, package: prestart.package ?? null },
    discs: manifest.discs ?? null,
    machines: manifest.machines !== undefined,
  };
}

function validityOf({ from, until }: Validity, now: Date): NonNullable<MediumDocument['validity']> {
  return { from: from ?? null, until: until ?? null, now: validityState({ from, until }, now) };
}
