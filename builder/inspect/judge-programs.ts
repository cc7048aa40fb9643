import { isMediasmithError } from '../../runtime/contract/errors.ts';
import type { ManifestFile } from '../../runtime/contract/manifest.ts';
import { refuseMixed, signingInWords } from '../boot/winpe/signing.ts';
import type { EfiProgram } from './efi-programs.ts';

/** What is wrong with the programs that firmware starts, whatever the manifest says: it does not know what is inside images. */
export function judgePrograms(
  programs: readonly EfiProgram[],
  files: readonly ManifestFile[],
): { path: string; reason: string }[] {
  const hashes = new Map(files.map(({ path, sha256 }) => [path.toLowerCase(), sha256]));
  const bad = programs.flatMap((program) => {
    const reason = reasonAgainst(program, hashes);
    return reason === undefined ? [] : [{ path: program.path, reason }];
  });
  return [...bad, ...mixedSets(programs)];
}

function reasonAgainst(program: EfiProgram, hashes: ReadonlyMap<string, string>): string | undefined {
  const { path, problem, signing, sha256 } = program;
  if (problem !== undefined) return problem;
  const { signatures = [] } = signing ?? {};
  if (signatures.some(({ matches }) => !matches)) return 'is not the file that was signed: it was changed since';
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
