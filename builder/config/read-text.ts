import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MediasmithError } from '../../runtime/contract/errors.ts';
import { readStart } from '../read-start.ts';

/** More than any document a person writes; a mistaken name must not fill the memory. */
const MOST_BYTES = 16 * 1024 ** 2;

/**
 * The text of a document a person wrote, in UTF-8. `PROJECT_NOT_FOUND`, or `PROJECT_INVALID` for what is no such text, or
 * `SEQUENCE_INVALID` for what is too large and begins like a sequence.
 */
export async function readText(file: string): Promise<string> {
  const kind = await stat(file).catch((cause) => {
    throw new MediasmithError('PROJECT_NOT_FOUND', `cannot read ${file}`, {
      where: file,
      hint: 'Name a media.yaml or a sequence. The examples that come with Mediasmith are in templates/examples.',
      cause,
    });
  });
  if (!kind.isFile()) {
    throw new MediasmithError('PROJECT_INVALID', `${file} is not a file`, {
      where: file,
      hint: `Name the file in it: ${join(file, 'media.yaml')}`,
    });
  }
  const bytes = await readStart(file, MOST_BYTES + 1);
  if (bytes.length > MOST_BYTES) {
    const code = beginsLikeSequence(bytes) ? 'SEQUENCE_INVALID' : 'PROJECT_INVALID';
    throw new MediasmithError(code, `${file} is too large for a document: more than 16 MB`, {
      where: file,
      hint: 'No document of a person is like this: see what has written it.',
    });
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new MediasmithError('PROJECT_INVALID', `${file} is not text in UTF-8`, {
      where: file,
      hint: 'Save it as UTF-8.',
      cause,
    });
  }
}

const HEAD_BYTES = 64 * 1024;

function beginsLikeSequence(bytes: Buffer): boolean {
  const head = bytes.toString('utf8', 0, HEAD_BYTES);
  return /^(steps|\s*"steps")\s*:/m.test(head) || /[{,]\s*"steps"\s*:/.test(head);
}
