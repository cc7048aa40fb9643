/**
 * Every error a person can mend has a code from this table; the number is the exit code of the command that meets it.
 * An error without a code is a bug of ours (exit 1, printed with its stack).
 */
export const ERROR_CODES = {
  USAGE: 2,
  PROJECT_NOT_FOUND: 2,
  PROJECT_INVALID: 2,
  SEQUENCE_INVALID: 2,
  SOURCE_NOT_FOUND: 2,
  SOURCE_INVALID: 2,
  IMAGE_NOT_FOUND: 2,
  IMAGE_CORRUPT: 2,
  ARCHITECTURE_MISMATCH: 2,
  BOOT_IMAGE_INVALID: 2,
  RUNTIME_DLL_MISSING: 2,
  DRIVER_WRONG_ARCHITECTURE: 2,
  PATH_OUTSIDE: 2,
  OUTPUT_INSIDE_SOURCE: 2,
  BOOT_FILES_NOT_FOUND: 2,
  SIGNING_MIXED: 2,
  NO_SPACE: 2,
  MEDIUM_INVALID: 2,
  TOOL_MISSING: 3,
  NAME_NOT_ALLOWED: 2,
  FILE_TOO_LARGE: 2,
  DEVICE_NOT_FOUND: 2,
  DEVICE_REFUSED: 2,
  KEY_INVALID: 2,
  ANSWER_MISSING: 2,
  MEDIUM_NOT_FOUND: 4,
  MEDIUM_CORRUPT: 4,
  MEDIUM_NOT_VALID: 4,
  SIGNATURE_INVALID: 4,
  PASSWORD_WRONG: 4,
  READ_BACK_FAILED: 4,
  BOOT_TEST_FAILED: 4,
  TOOL_FAILED: 5,
  BUILD_FAILED: 5,
  SOURCE_CHANGED: 5,
  FILE_SYSTEM: 5,
  DEVICE_FAILED: 5,
  READINESS_FAILED: 5,
  DISK_NOT_CHOSEN: 5,
  VOLUME_TOO_SMALL: 5,
  VOLUME_NOT_FOUND: 5,
  IMAGE_APPLY_FAILED: 5,
  BOOT_FILES_MISSING: 5,
  STEP_FAILED: 5,
  STEP_TIMEOUT: 5,
  STEP_INTERRUPTED: 5,
  CONDITION_NOT_EVALUATED: 5,
  STATE_INVALID: 5,
  IMPORT_INVALID: 2,
  MACHINE_INVALID: 2,
  TEMPLATE_NOT_FOUND: 2,
  OUTPUT_EXISTS: 2,
  SIMULATION_FAILED: 5,
  EXPECTATION_NOT_MET: 4,
  INTERRUPTED: 130,
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

export type ErrorDetails = {
  /** What to do now: one sentence, imperative. */
  hint?: string;
  /** The file, device or option the error is about. */
  where?: string;
  /** Further lines to show under the message: the disks refused, the images that are there. */
  lines?: readonly string[];
  problems?: readonly Problem[];
  /** The exit code of the program that failed. */
  exitCode?: number;
  cause?: unknown;
};

/** An error its reader can mend: a code, what happened, where, and what to do. Recognised by shape, see {@link isMediasmithError}. */
export class MediasmithError extends Error {
  override readonly name = 'MediasmithError';
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly where: string | undefined;
  readonly lines: readonly string[];
  readonly problems: readonly Problem[];
  readonly exitCode: number | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.hint = details.hint;
    this.where = details.where;
    this.lines = details.lines ?? [];
    this.problems = details.problems ?? [];
    this.exitCode = details.exitCode;
  }
}

/** One finding in a document a person wrote. `line` and `column` count from 1. */
export type Problem = {
  code: string;
  severity: 'error' | 'warning';
  message: string;
  hint?: string;
  file: string;
  line: number;
  column: number;
};

/** By shape and not by `instanceof`, so that an error from another copy of this module is still understood. */
export function isMediasmithError(error: unknown): error is MediasmithError {
  return (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    Object.hasOwn(ERROR_CODES, error.code)
  );
}

/** The exit code for an error: from the table, or 1 for a bug. */
export function exitCodeOf(error: unknown): number {
  return isMediasmithError(error) ? ERROR_CODES[error.code] : 1;
}
