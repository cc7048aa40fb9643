import { type ErrorCode, MediasmithError } from '../contract/errors.ts';

/** What was asked of the library: it decides what an error means to a person. */
export type WimTask =
  | 'open'
  | 'read'
  | 'apply-volume'
  | 'apply-folder'
  | 'capture'
  | 'add'
  | 'modify'
  | 'write'
  | 'verify';

export type WimFailure = {
  /** The value of `enum wimlib_error_code`. */
  code: number;
  /** The library's sentence for the code. */
  text: string;
  task: WimTask;
  /** Completes "cannot ...": `apply image 1 of install.wim to /dev/sda3`. */
  doing: string;
  where: string;
  /** The library's messages about this call. */
  lines: readonly string[];
};

const ABORTED_BY_PROGRESS = 76;
const INVALID_PARAM = 24;

const CORRUPT: Meaning = {
  code: 'IMAGE_CORRUPT',
  hint: 'Copy the file again from its source and compare its SHA-256 with the published one.',
};
const NOT_USABLE: Meaning = {
  code: 'SOURCE_INVALID',
  hint: 'Give a WIM, SWM or ESD file; "wimlib-imagex info FILE" shows what the file is.',
};
const PART_MISSING: Meaning = {
  code: 'SOURCE_INVALID',
  hint: 'Put all parts of the split image (name.swm, name2.swm, ...) into one folder and give the first one.',
};
const NOT_FOUND: Meaning = { code: 'SOURCE_NOT_FOUND', hint: 'Check the path and that it can be read.' };

type Meaning = { code: ErrorCode; hint?: string };

const MEANINGS: Readonly<Record<number, Meaning>> = {
  2: CORRUPT, // DECOMPRESSION
  10: CORRUPT, // IMAGE_COUNT
  11: { code: 'SOURCE_INVALID', hint: 'Give each image of one file a name of its own.' }, // IMAGE_NAME_COLLISION
  13: CORRUPT, // INTEGRITY
  15: CORRUPT, // INVALID_CHUNK_SIZE
  16: CORRUPT, // INVALID_COMPRESSION_TYPE
  17: CORRUPT, // INVALID_HEADER
  18: {
    code: 'IMAGE_NOT_FOUND',
    hint: 'Choose one of the images in the file: "wimlib-imagex info FILE" lists them, in WinPE "dism /Get-ImageInfo".',
  },
  19: CORRUPT, // INVALID_INTEGRITY_TABLE
  20: CORRUPT, // INVALID_LOOKUP_TABLE_ENTRY
  21: CORRUPT, // INVALID_METADATA_RESOURCE
  23: { code: 'SOURCE_INVALID', hint: 'Give the file or the folder another name.' }, // INVALID_OVERLAY
  25: NOT_USABLE, // INVALID_PART_NUMBER
  26: CORRUPT, // INVALID_PIPABLE_WIM
  27: CORRUPT, // INVALID_REPARSE_DATA
  28: CORRUPT, // INVALID_RESOURCE_HASH
  30: CORRUPT, // INVALID_UTF16_STRING
  32: NOT_USABLE, // IS_DIRECTORY
  33: PART_MISSING, // IS_SPLIT_WIM
  36: PART_MISSING, // METADATA_NOT_FOUND
  43: NOT_USABLE, // NOT_A_WIM_FILE
  49: NOT_FOUND, // PATH_DOES_NOT_EXIST
  50: { code: 'IMAGE_CORRUPT', hint: 'Check the medium: a part of the file cannot be read.' }, // READ
  55: { code: 'SOURCE_INVALID', hint: 'The file refers to data in another file: give the full image, not a delta.' },
  62: PART_MISSING, // SPLIT_INVALID
  65: { code: 'IMAGE_CORRUPT', hint: 'The file is shorter than it says: copy it again.' }, // UNEXPECTED_END_OF_FILE
  67: NOT_USABLE, // UNKNOWN_VERSION
  71: {
    code: 'SOURCE_INVALID',
    hint: 'Change a copy that can be written; join a split WIM first: "wimlib-imagex join OUT.wim IN*.swm".',
  }, // WIM_IS_READONLY
  73: CORRUPT, // XML
  74: { code: 'SOURCE_INVALID', hint: 'Decrypt the ESD first, or take an install.wim from a Windows ISO.' }, // WIM_IS_ENCRYPTED
  68: { code: 'SOURCE_INVALID', hint: 'Export it with another compression first: it is a solid file.' }, // UNSUPPORTED
  84: CORRUPT, // WIM_IS_INCOMPLETE
  87: { code: 'SOURCE_INVALID', hint: 'Name each image once.' }, // DUPLICATE_EXPORTED_IMAGE
  88: { code: 'BUILD_FAILED', hint: 'Let nothing change the folder while it is captured, then run it again.' },
};

/** OPEN means the file itself when a WIM is opened, a file to make when an image is applied. */
const OPEN_MEANINGS: Readonly<Record<number, Meaning>> = { 47: NOT_FOUND };

const CAPTURE_MEANINGS: Readonly<Record<number, Meaning>> = {
  40: NOT_FOUND, // NOTDIR
  47: NOT_FOUND, // OPEN
  48: NOT_FOUND, // OPENDIR
  63: NOT_FOUND, // STAT
};

/** What is there in the image is no folder, so that nothing can be put into it. */
const ADD_MEANINGS: Readonly<Record<number, Meaning>> = {
  ...CAPTURE_MEANINGS,
  40: { code: 'SOURCE_INVALID', hint: 'Give the file or the folder another name.' }, // NOTDIR
};

const FALLBACKS: Readonly<Record<WimTask, Meaning>> = {
  open: CORRUPT,
  read: CORRUPT,
  verify: CORRUPT,
  'apply-volume': { code: 'IMAGE_APPLY_FAILED', hint: 'Format the volume again, then apply the image again.' },
  'apply-folder': { code: 'IMAGE_APPLY_FAILED', hint: 'Check that the folder can be written.' },
  capture: { code: 'BUILD_FAILED' },
  add: { code: 'BUILD_FAILED' },
  modify: { code: 'BUILD_FAILED' },
  write: { code: 'BUILD_FAILED', hint: 'Check that the folder of the output can be written.' },
};

const OWN_MEANINGS: Readonly<Partial<Record<WimTask, Readonly<Record<number, Meaning>>>>> = {
  open: OPEN_MEANINGS,
  capture: CAPTURE_MEANINGS,
  add: ADD_MEANINGS,
};

/** A damaged file can bring this about too, but not where we only fill an image. */
const INVALID_PARAM_IS_OURS: ReadonlySet<WimTask> = new Set(['capture', 'add', 'modify']);

/** What a failed call of the library means to a person. A call with wrong arguments is our bug and gives an ordinary Error. */
export function wimError(failure: WimFailure): Error {
  const message = `cannot ${failure.doing}: ${failure.text}`;
  if (failure.code === INVALID_PARAM && INVALID_PARAM_IS_OURS.has(failure.task)) {
    return new Error([message, ...failure.lines].join('\n'));
  }
  const { code, hint } = meaningOf(failure);
  return new MediasmithError(code, code === 'INTERRUPTED' ? `interrupted: ${failure.doing}` : message, {
    where: failure.where,
    lines: failure.lines,
    ...(hint !== undefined && { hint }),
  });
}

function meaningOf({ code, task, lines }: WimFailure): Meaning {
  if (code === ABORTED_BY_PROGRESS) return { code: 'INTERRUPTED' };
  if (lines.some((line) => line.includes('No space left on device'))) {
    return task === 'apply-volume'
      ? { code: 'VOLUME_TOO_SMALL', hint: 'Make the partition larger, or choose a smaller image.' }
      : { code: 'NO_SPACE', hint: 'Free some space, or choose another folder for the output.' };
  }
  return OWN_MEANINGS[task]?.[code] ?? MEANINGS[code] ?? FALLBACKS[task];
}
