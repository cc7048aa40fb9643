import { MediasmithError } from '../runtime/contract/errors.ts';

/** What the operating system refuses and its user can mend, by errno's name. */
const HINTS: Record<string, string> = {
  EACCES: 'Look at the rights of the file and of the folders above it.',
  EPERM: 'Look at the rights of the file and of the folders above it.',
  EROFS: 'The file system is read-only: choose another place.',
  ENOTDIR: 'A part of the path is a file and not a folder.',
  EISDIR: 'There is a folder of this name: choose another name.',
  ENOENT: 'A file or folder of the path is not there, or was removed meanwhile.',
  EEXIST: 'There is something of this name already: choose another name.',
  ENAMETOOLONG: 'Choose a shorter name.',
  ELOOP: 'The path goes round in circles through links.',
  EDQUOT: 'The quota of this user is used up.',
};

/** An error of the operating system about a path as an error a person can mend; every other error as it is. */
export function explainSystemError(error: unknown): unknown {
  if (!(error instanceof Error) || !('syscall' in error) || !('code' in error) || typeof error.code !== 'string')
    return error;
  const where = 'path' in error && typeof error.path === 'string' ? error.path : undefined;
  const details = { ...(where !== undefined && { where }), cause: error };
  if (error.code === 'ENOSPC') {
    return new MediasmithError('NO_SPACE', 'the disk is full', {
      ...details,
      hint: 'Free some space. No output was replaced.',
    });
  }
  const hint = HINTS[error.code];
  return hint === undefined ? error : new MediasmithError('FILE_SYSTEM', error.message, { ...details, hint });
}
