import { isMediasmithError, MediasmithError } from '../runtime/contract/errors.ts';

/**
 * Works on a file that lies in the cache or in a scratch folder. An error about it says `name`, which a person knows, and
 * not where the file lies, where nobody finds it afterwards.
 */
export async function namedSource<T>(path: string, name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (path === name || !isMediasmithError(error)) throw error;
    const inWords = (text: string) => text.replaceAll(path, name);
    throw new MediasmithError(error.code, inWords(error.message), {
      lines: error.lines.map(inWords),
      problems: error.problems,
      cause: error,
      ...(error.hint !== undefined && { hint: inWords(error.hint) }),
      ...(error.where !== undefined && { where: inWords(error.where) }),
      ...(error.exitCode !== undefined && { exitCode: error.exitCode }),
    });
  }
}
