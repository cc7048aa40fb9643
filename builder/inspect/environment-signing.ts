import { isMediasmithError } from '../../runtime/contract/errors.ts';
import type { Manifest } from '../../runtime/contract/manifest.ts';
import { type BootFileSigning, refuseMixed } from '../boot/winpe/signing.ts';
import { SECURE_BOOT_AUTHORITIES } from '../pe/signing-set.ts';
import type { EfiProgram } from './efi-programs.ts';

/**
 * Who signed what firmware starts of an environment. Of WinPE the set, `mixed` where there are several. Of Linux the
 * authorities behind its shim, by name, of which the firmware must trust one; `unsigned` without any.
 */
export function environmentSigning(kind: Manifest['bootEnvironment'], programs: readonly EfiProgram[]): string {
  const signings = programs.flatMap(({ signing }) => signing ?? []);
  if (kind === 'linux') return authoritiesOf(signings).join(' or ') || 'unsigned';
  try {
    return refuseMixed(signings);
  } catch (error) {
    if (isMediasmithError(error) && error.code === 'SIGNING_MIXED') return 'mixed';
    throw error;
  }
}

function authoritiesOf(signings: readonly BootFileSigning[]): string[] {
  const names = new Set(signings.flatMap(({ signatures }) => signatures.flatMap(({ chain }) => chain)));
  return SECURE_BOOT_AUTHORITIES.map(({ name }) => name).filter((name) => names.has(name));
}
