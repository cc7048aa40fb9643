import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isMediasmithError } from '../../runtime/contract/errors.ts';
import type { Exec } from '../../runtime/host/exec.ts';
import { type BootFileSigning, isBootImage, readSigning } from '../boot/winpe/signing.ts';
import { hashBytes } from '../hash.ts';
import { type PeMachine, readHeaders } from '../pe/pe-headers.ts';
import type { SigningSet } from '../pe/signing-set.ts';
import { copyOutOfFat, listFat } from '../tools/mtools.ts';
import { openWorkspace } from '../workspace.ts';
import type { MediumFiles } from './medium-files.ts';

/** An EFI program of a medium, as it says itself. */
export type EfiProgram = {
  /** On the medium; a program inside a FAT image is named as if the image were a folder. */
  path: string;
  /** Undefined for a file that is called .efi and is no whole program. */
  machine: PeMachine | undefined;
  bytes: number;
  sha256: string;
  /** Undefined where it cannot be read; `problem` says why. */
  signing: BootFileSigning | undefined;
  problem?: string;
};

/** What is printed of a program. `chain` is its first signature's, common names from the signer's on. */
export type EfiProgramFacts = {
  path: string;
  machine: PeMachine | null;
  signing: SigningSet;
  chain: string[];
  /** Further signatures' chains. */
  otherChains?: string[][];
  /** The file is the one that was signed; null for one that nobody has signed. */
  digestMatches: boolean | null;
  bytes: number;
  problem?: string;
};

type Tools = { exec: Exec; scratch: string };

const HEADER_BYTES = 4096;
const UNKNOWN = { machine: undefined, bytes: 0, sha256: '', signing: undefined } as const;
const EFI_SUBSYSTEMS = { first: 10, last: 13 };

/**
 * Every EFI program of a medium: by what a file is and not by its name, and those inside the FAT images that UEFI starts.
 * A damaged one is described, not refused.
 */
export async function efiPrograms(
  medium: MediumFiles,
  { exec, signal }: { exec: Exec; signal: AbortSignal },
): Promise<EfiProgram[]> {
  await using workspace = await openWorkspace(tmpdir());
  const tools = { exec, scratch: workspace.folder };
  const programs: EfiProgram[] = [];
  for (const { path } of medium.files) {
    signal.throwIfAborted();
    if (isBootImage(path)) programs.push(...(await programsInside(medium, path, tools)));
    else if (await isProgram(medium, path)) programs.push(await describe(path, () => medium.read(path), tools));
  }
  for (const image of medium.hiddenImages) programs.push(...(await programsInside(medium, image, tools)));
  return programs.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** A program as `--json` prints it. */
export function factsOf({ path, machine, bytes, signing, problem }: EfiProgram): EfiProgramFacts {
  const signatures = signing?.signatures ?? [];
  const [first, ...others] = signatures;
  return {
    path,
    machine: machine ?? null,
    signing: signing?.set ?? 'unsigned',
    chain: first?.chain ?? [],
    ...(others.length > 0 && { otherChains: others.map(({ chain }) => chain) }),
    digestMatches: first === undefined ? null : signatures.every(({ matches }) => matches),
    bytes,
    ...(problem !== undefined && { problem }),
  };
}

/** What cannot be read is found by whoever compares the files. */
async function isProgram(medium: MediumFiles, path: string): Promise<boolean> {
  if (/\.efi$/i.test(path)) return true;
  try {
    const { subsystem } = readHeaders(await medium.read(path, HEADER_BYTES), path);
    return subsystem >= EFI_SUBSYSTEMS.first && subsystem <= EFI_SUBSYSTEMS.last;
  } catch {
    return false;
  }
}

async function programsInside(medium: MediumFiles, image: string, tools: Tools): Promise<EfiProgram[]> {
  const copy = join(tools.scratch, 'image');
  try {
    await writeFile(copy, await medium.read(image));
  } catch (error) {
    return [broken(image, error)];
  }
  const inside = (await listFat(copy, '', tools.exec)).filter((path) => /\.efi$/i.test(path));
  if (inside.length === 0) return [broken(image, new Error('no EFI program can be found in it'))];
  const programs: EfiProgram[] = [];
  for (const path of inside) {
    const read = async (): Promise<Buffer> => {
      const program = join(tools.scratch, 'inside.efi');
      await copyOutOfFat(copy, path, program, tools.exec);
      return readFile(program);
    };
    programs.push(await describe(`${image}/${path}`, read, tools));
  }
  return programs;
}

async function describe(path: string, read: () => Promise<Buffer>, { exec, scratch }: Tools): Promise<EfiProgram> {
  const file = join(scratch, 'program.efi');
  let facts: EfiProgram = { path, ...UNKNOWN };
  try {
    const content = await read();
    facts = { ...facts, bytes: content.length, sha256: hashBytes(content) };
    facts = { ...facts, machine: readHeaders(content, file).machine };
    await writeFile(file, content);
    const [signing] = await readSigning(path, file, { scratch, exec });
    return { ...facts, signing };
  } catch (error) {
    return { ...facts, ...problemOf(error, file) };
  }
}

function broken(path: string, error: unknown): EfiProgram {
  return { path, ...UNKNOWN, ...problemOf(error, path) };
}

/** What is wrong with a program; `file` is the name an error has for it. A tool that is missing is no fault of its. */
function problemOf(error: unknown, file: string): { problem: string } {
  if (isMediasmithError(error) && error.code !== 'SOURCE_INVALID' && error.code !== 'TOOL_FAILED') throw error;
  const message = error instanceof Error ? error.message : String(error);
  return { problem: message.replace(`${file} `, '') };
}
