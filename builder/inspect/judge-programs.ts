import { isMediasmithError } from '../../runtime/contract/errors.ts';
import type { ManifestFile } from '../../runtime/contract/manifest.ts';
import { firmwareMachine, isChanged, refuseMixed, signingInWords } from '../boot/winpe/signing.ts';
import type { EfiProgram } from './efi-programs.ts';

/**
 * What is wrong with the programs that firmware starts, whatever the manifest says: it does not know what is inside images.
 * `architecture` is that of the boot image they are to start, where it is known.
 */
export function judgePrograms(
  programs: readonly EfiProgram[],
  files: readonly ManifestFile[],
  architecture?: 'x64' | 'arm64',
): { path: string; reason: string }[] {
  const hashes = new Map(files.map(({ path, sha256 }) => [path.toLowerCase(), sha256]));
  const bad = programs.flatMap((program) => {
    const reason = reasonAgainst(program, hashes, architecture);
    return reason === undefined ? [] : [{ path: program.path, reason }];
  });
  return [...bad, ...mixedSets(programs)];
}

function reasonAgainst(
  program: EfiProgram,
  hashes: ReadonlyMap<string, string>,
  architecture: 'x64' | 'arm64' | undefined,
): string | undefined {
  const { path, problem, signing, sha256 } = program;
  if (problem !== undefined) return problem;
  if (signing !== undefined) {
    if (isChanged(signing)) return 'is not the file that was signed: it was changed since';
    const wanted = firmwareMachine(signing);
    if (wanted !== signing.machine)
      return `is a program for ${signing.machine}, which firmware of ${wanted} does not start`;
    if (architecture !== undefined && signing.startedByFirmware && signing.machine !== architecture)
      return `is a program for ${signing.machine}, and the boot image is for ${architecture}`;
  }
  const [, inside] = /^\[El Torito UEFI image[^\]]*\]\/(.*)$/.exec(path) ?? [];
  const twin = inside === undefined ? undefined : hashes.get(inside.toLowerCase());
  return twin === undefined || twin === sha256 ? undefined : `is not the same as ${inside} of the medium`;
}

function mixedSets(programs: readonly EfiProgram[]): { path: string; reason: string }[] {
  const signings = programs.flatMap(({ signing }) => signing ?? []);
  try {
    refuseMixed(signings);
    return [];
  } catch (error) {
    if (!isMediasmithError(error) || error.code !== 'SIGNING_MIXED') throw error;
    const started = signings.filter(({ startedByFirmware }) => startedByFirmware);
    return started.map((signing) => ({
      path: signing.path,
      reason: `${error.message} (${signingInWords(signing).slice(signing.path.length + 2)})`,
    }));
  }
}
