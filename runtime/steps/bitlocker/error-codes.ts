export type BitlockerError = { name: string; meaning: string; hint?: string };

const POLICY = "Change the group policy for BitLocker, or the step's options to what it allows.";

/** The errors of BitLocker that a deployment meets (Microsoft: "COM Error Codes (FVE)"). */
const ERRORS: Readonly<Record<number, BitlockerError>> = {
  2150694912: {
    name: 'FVE_E_LOCKED_VOLUME',
    meaning: 'the drive is locked',
    hint: 'Unlock it by its recovery password.',
  },
  2150694913: { name: 'FVE_E_NOT_ENCRYPTED', meaning: 'the drive is not encrypted' },
  2150694920: { name: 'FVE_E_NOT_ACTIVATED', meaning: 'BitLocker is not on for this drive' },
  2150694947: { name: 'FVE_E_FOREIGN_VOLUME', meaning: 'it is not the drive of the Windows that runs' },
  2150694956: {
    name: 'FVE_E_POLICY_PASSWORD_REQUIRED',
    meaning: 'a policy asks for a recovery password',
    hint: POLICY,
  },
  2150694957: {
    name: 'FVE_E_CANNOT_SET_FVEK_ENCRYPTED',
    meaning: 'the method of an encrypted drive cannot be changed',
  },
  2150694958: { name: 'FVE_E_CANNOT_ENCRYPT_NO_KEY', meaning: 'it has no protector' },
  2150694960: {
    name: 'FVE_E_BOOTABLE_CDDVD',
    meaning: 'a medium that can be started is in the machine',
    hint: 'Take it out, or let the medium be a USB drive.',
  },
  2150694961: { name: 'FVE_E_PROTECTOR_EXISTS', meaning: 'the drive has a protector of this kind' },
  2150694965: { name: 'FVE_E_INVALID_PASSWORD_FORMAT', meaning: 'this is no recovery password' },
  2150695009: { name: 'FVE_E_POLICY_STARTUP_PIN_REQUIRED', meaning: 'a policy asks for a PIN', hint: POLICY },
  2150695016: {
    name: 'FVE_E_POLICY_INVALID_PIN_LENGTH',
    meaning: 'the PIN is shorter than a policy asks',
    hint: POLICY,
  },
  2150695066: { name: 'FVE_E_INVALID_PIN_CHARS', meaning: 'the PIN has characters that are not allowed', hint: POLICY },
};

export const PROTECTOR_EXISTS = 2150694961;

/** The code by which manage-bde has failed: its exit code, or the one in what it has printed. Pure. */
export function bitlockerCode(exitCode: number, lines: readonly string[]): number {
  const code = exitCode >>> 0;
  if (code in ERRORS) return code;
  const printed = lines.flatMap((line) => /\b0x8[0-9a-f]{7}\b/i.exec(line)?.[0] ?? [])[0];
  return printed === undefined ? code : Number(printed);
}

export function bitlockerError(code: number): BitlockerError | undefined {
  return ERRORS[code];
}
