import { join } from 'node:path';
import { exists } from '../../host/exists.ts';

/** Whose the variables are that the UEFI specification names ("EFI_GLOBAL_VARIABLE"). */
const GLOBAL = '8be4df61-93ca-11d2-aa0d-00e098032b8c';

/** efivarfs puts the attributes of a variable before its value. */
export const ATTRIBUTE_BYTES = 4;

/** Whether UEFI has started the machine, and not a BIOS. */
export async function isUefi(sys: string): Promise<boolean> {
  return exists(join(sys, 'firmware/efi'));
}

/** The file of a variable that the UEFI specification names. */
export function variableFile(sys: string, name: string): string {
  return join(sys, 'firmware/efi/efivars', `${name}-${GLOBAL}`);
}
