export type Outcome = 'installed' | 'restart' | 'already installed' | 'not applicable';

/** By unsigned exit code (Microsoft: "Windows Update error codes", "Common Windows Update errors"). */
const OUTCOMES: ReadonlyMap<number, Outcome> = new Map([
  [0, 'installed'],
  [3010, 'restart'],
  // WU_S_REBOOT_REQUIRED, WU_S_ALREADY_INSTALLED
  [0x240005, 'restart'],
  [0x240006, 'already installed'],
  // WU_E_NOT_APPLICABLE, CBS_E_NOT_APPLICABLE
  [0x80240017, 'not applicable'],
  [0x800f081e, 'not applicable'],
]);

/** What an exit code of wusa or DISM says of an update; undefined for a failure. Takes codes with and without a sign. */
export function outcomeOf(exitCode: number): Outcome | undefined {
  return OUTCOMES.get(exitCode >>> 0);
}

/** The codes that are no failure. */
export const UPDATE_CODES: readonly number[] = [...OUTCOMES.keys()].flatMap((code) => [code, code | 0]);
