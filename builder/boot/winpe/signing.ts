import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MediasmithError } from '../../../runtime/contract/errors.ts';
import type { Exec } from '../../../runtime/host/exec.ts';
import { namedSource } from '../../named-source.ts';
import { type PeMachine, readHeaders } from '../../pe/pe-headers.ts';
import { type PeSignature, readSignatures } from '../../pe/signature.ts';
import { type SigningSet, signingSetOf, type WindowsSigningSet } from '../../pe/signing-set.ts';
import { copyOutOfFat, listFat } from '../../tools/mtools.ts';
import type { WindowsArchitecture } from './windows-packages.ts';

/** Who signed an EFI program of a medium and for which processor it is, read from the file itself. */
export type BootFileSigning = {
  /** On the medium; a program inside an El Torito image is named as if the image were a folder. */
  path: string;
  /** The firmware starts it, so it must be of the medium's set. Others are started by it and only reported. */
  startedByFirmware: boolean;
  machine: PeMachine;
  set: SigningSet;
  signatures: PeSignature[];
};

/**
 * Reads who signed a file of the medium: the file itself, or every program that firmware would start out of it where it is
 * an El Torito image. `scratch` is a folder for those; `name` is what errors call the file, its path unless given.
 *
 * Throws `SOURCE_INVALID` for a file that is neither.
 */
export async function readSigning(
  path: string,
  file: string,
  { scratch, exec, name = file }: { scratch: string; exec: Exec; name?: string },
): Promise<BootFileSigning[]> {
  if (!isBootImage(path)) return [signingOf(path, await readFile(file), name)];
  const programs = await programsOf(file, name, exec);
  const signings: BootFileSigning[] = [];
  for (const program of programs) {
    const copy = join(scratch, `${signings.length}.efi`);
    await copyOutOfFat(file, program, copy, exec);
    signings.push(signingOf(`${path}/${program}`, await readFile(copy), `${program} in ${name}`));
  }
  return signings;
}

/**
 * The set of a medium, from every file that its firmware may start. Microsoft's own boot manager for stores, `bootmgr.efi`,
 * is of the older set even among newer files (windows-runtime.md, section 8), so it has no say.
 *
 * Throws `SIGNING_MIXED` where they are of different sets, or not of the one that was asked for.
 */
export function refuseMixed(files: readonly BootFileSigning[], wanted?: WindowsSigningSet): SigningSet {
  const started = files.filter(({ startedByFirmware }) => startedByFirmware);
  const sets = [...new Set(started.map(({ set }) => set))];
  const [set = 'unsigned'] = sets;
  if (sets.length <= 1 && (wanted === undefined || set === wanted)) return set;
  const message =
    sets.length > 1
      ? 'the boot files are of different signing sets, so that no Secure Boot setting starts them all'
      : `the boot files are of the set ${set}, and ${wanted} was asked for`;
  throw new MediasmithError('SIGNING_MIXED', message, {
    lines: started.map(signingInWords),
    hint: 'Take all boot files from one source: a boot image, or a Windows ISO with no file replaced.',
  });
}

/**
 * Refuses EFI programs that would not start. Throws `ARCHITECTURE_MISMATCH` for one of another processor, and where
 * firmware of this one would find none under the name it looks for; `SOURCE_INVALID` for one that was changed after it
 * was signed.
 */
export function refuseUnstartable(files: readonly BootFileSigning[], architecture: WindowsArchitecture): void {
  const others = files.filter((file) => file.machine !== architecture || firmwareMachine(file) !== architecture);
  if (others.length > 0) {
    throw new MediasmithError(
      'ARCHITECTURE_MISMATCH',
      `the boot image is for ${architecture}, its boot files are not`,
      {
        lines: others.map(({ path, machine }) => `${path}: a program for ${machine}`),
        hint: `Take the boot files from a Windows ISO or the ADK for ${architecture}: winpe.bootFiles names it.`,
      },
    );
  }
  const changed = files.filter(isChanged);
  if (changed.length === 0) return;
  throw new MediasmithError('SOURCE_INVALID', 'boot files are not what was signed: they were changed since', {
    where: changed[0]?.path ?? '',
    lines: changed.map(signingInWords),
    hint: 'Take them from their source again: with Secure Boot no PC starts them.',
  });
}

/** What a person should know of files that are not refused. */
export function signingWarnings(files: readonly BootFileSigning[]): string[] {
  const unsigned = files.filter(({ startedByFirmware, set }) => startedByFirmware && set === 'unsigned');
  const others = files.filter(({ startedByFirmware, set }) => startedByFirmware && set === 'other');
  return [
    ...(unsigned.length === 0
      ? []
      : [`${pathsOf(unsigned)}: not signed, so that no PC starts this medium with Secure Boot on`]),
    ...(others.length === 0
      ? []
      : [
          `${pathsOf(others)}: not signed for Windows: with Secure Boot on, only a PC that trusts its signer starts this medium`,
        ]),
  ];
}

/** Whether a signature is of another content than the file has now. */
export function isChanged({ signatures }: BootFileSigning): boolean {
  return signatures.some(({ matches }) => !matches);
}

/** The processor whose firmware looks for a program by this name (UEFI, section 3.5.1.1); its own for any other name. */
export function firmwareMachine({ path, machine }: Pick<BootFileSigning, 'path' | 'machine'>): PeMachine {
  const [, name = ''] = /(?:^|\/)efi\/boot\/boot(\w+)\.efi$/i.exec(path) ?? [];
  return FIRMWARE_NAMES[name.toLowerCase()] ?? machine;
}

/** A file, its set and the chain of its certificates, on one line. */
export function signingInWords({ path, set, signatures }: BootFileSigning): string {
  if (signatures.length === 0) return `${path}: not signed`;
  const chains = signatures.map(({ chain, matches }) => `${chain.join(' < ')}${matches ? '' : ' (changed since)'}`);
  return `${path}: ${set}, ${chains.join('; ')}`;
}

/** Microsoft's FAT images of the UEFI El Torito entry, by name. */
export const isBootImage = (path: string): boolean => /(^|\/)efisys\w*\.bin$/i.test(path);
const FIRMWARE_NAMES: Readonly<Record<string, PeMachine>> = { x64: 'x64', aa64: 'arm64', ia32: 'x86', arm: 'arm' };
const pathsOf = (files: readonly BootFileSigning[]): string => files.map(({ path }) => path).join(', ');
const isFirmwareProgram = (path: string): boolean => /(^|\/)efi\/boot\/boot\w+\.efi$/i.test(path);

function signingOf(path: string, file: Uint8Array, where: string): BootFileSigning {
  const { machine } = readHeaders(file, where);
  const signatures = readSignatures(file, where);
  return { path, startedByFirmware: isFirmwareProgram(path), machine, set: signingSetOf(signatures[0]), signatures };
}

async function programsOf(image: string, name: string, exec: Exec): Promise<string[]> {
  const programs = (await namedSource(image, name, () => listFat(image, 'EFI/BOOT', exec))).filter(isFirmwareProgram);
  if (programs.length > 0) return programs;
  throw new MediasmithError('SOURCE_INVALID', `${name} is no UEFI boot image: it has no program in EFI/BOOT`, {
    where: name,
    hint: 'Take the file from its source again: it is damaged, or it is something else.',
  });
}
