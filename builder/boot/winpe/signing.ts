import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MediasmithError } from '../../../runtime/contract/errors.ts';
import type { Exec } from '../../../runtime/host/exec.ts';
import { type PeSignature, readSignatures } from '../../pe/signature.ts';
import { type SigningSet, signingSetOf, type WindowsSigningSet } from '../../pe/signing-set.ts';
import { copyOutOfFat, listFat } from '../../tools/mtools.ts';

/** Who signed an EFI program of a medium, read from the file itself. */
export type BootFileSigning = {
  /** On the medium; a program inside an El Torito image is named as if the image were a folder. */
  path: string;
  /** The firmware starts it, so it must be of the medium's set. Others are started by it and only reported. */
  startedByFirmware: boolean;
  set: SigningSet;
  signatures: PeSignature[];
};

/**
 * Reads who signed a file of the medium: the file itself, or every program that firmware would start out of it where it is
 * an El Torito image. `scratch` is a folder for those.
 *
 * Throws `SOURCE_INVALID` for a file that is neither.
 */
export async function readSigning(
  path: string,
  file: string,
  { scratch, exec }: { scratch: string; exec: Exec },
): Promise<BootFileSigning[]> {
  if (!isBootImage(path)) return [signingOf(path, await readFile(file), file)];
  const programs = await programsOf(file, exec);
  const signings: BootFileSigning[] = [];
  for (const program of programs) {
    const copy = join(scratch, `${signings.length}.efi`);
    await copyOutOfFat(file, program, copy, exec);
    signings.push(signingOf(`${path}/${program}`, await readFile(copy), `${program} in ${file}`));
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

/** A file, its set and the chain of its certificates, on one line. */
export function signingInWords({ path, set, signatures }: BootFileSigning): string {
  if (signatures.length === 0) return `${path}: not signed`;
  const chains = signatures.map(({ chain, matches }) => `${chain.join(' < ')}${matches ? '' : ' (changed since)'}`);
  return `${path}: ${set}, ${chains.join('; ')}`;
}

/** Microsoft's FAT images of the UEFI El Torito entry, by name. */
export const isBootImage = (path: string): boolean => /(^|\/)efisys\w*\.bin$/i.test(path);
const isFirmwareProgram = (path: string): boolean => /(^|\/)efi\/boot\/boot\w+\.efi$/i.test(path);

function signingOf(path: string, file: Uint8Array, where: string): BootFileSigning {
  const signatures = readSignatures(file, where);
  return { path, startedByFirmware: isFirmwareProgram(path), set: signingSetOf(signatures[0]), signatures };
}

async function programsOf(image: string, exec: Exec): Promise<string[]> {
  const programs = (await listFat(image, 'EFI/BOOT', exec)).filter(isFirmwareProgram);
  if (programs.length > 0) return programs;
  throw new MediasmithError('SOURCE_INVALID', `${image} is no UEFI boot image: it has no program in EFI/BOOT`, {
    where: image,
    hint: 'Take the file from its source again: it is damaged, or it is something else.',
  });
}
