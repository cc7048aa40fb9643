import type { PeSignature } from './signature.ts';

/** The two sets of Windows boot files, by the authority that issued their signer's certificate. */
export type SigningSet = WindowsSigningSet | 'other' | 'unsigned';

/** The sets of boot files Microsoft ships: by the certificate authority they are signed for. */
export type WindowsSigningSet = '2011' | '2023';

/**
 * Authorities in the firmware's list of trusted signers. Windows' own two make the sets; the others sign what is not
 * Microsoft's, such as shim. Names: Microsoft, "Windows Secure Boot Key Creation and Management Guidance".
 */
export const SECURE_BOOT_AUTHORITIES: readonly { name: string; set: '2011' | '2023' | 'other'; signs: string }[] = [
  { name: 'Microsoft Windows Production PCA 2011', set: '2011', signs: 'Windows boot files' },
  { name: 'Windows UEFI CA 2023', set: '2023', signs: 'Windows boot files' },
  { name: 'Microsoft Corporation UEFI CA 2011', set: 'other', signs: 'boot loaders and drivers of others' },
  { name: 'Microsoft UEFI CA 2023', set: 'other', signs: 'boot loaders of others' },
  { name: 'Microsoft Option ROM UEFI CA 2023', set: 'other', signs: 'firmware of plug-in cards' },
];

/** The set a file belongs to by its signature; `other` for every authority that does not sign Windows. */
export function signingSetOf(signature: PeSignature | undefined): SigningSet {
  if (signature === undefined) return 'unsigned';
  const issuer = signature.certificates[0]?.issuer;
  return SECURE_BOOT_AUTHORITIES.find(({ name }) => name === issuer)?.set ?? 'other';
}
