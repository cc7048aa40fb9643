import { MediasmithError } from '../../contract/errors.ts';
import type { Win32 } from '../../native/win32.ts';
import type { Partition } from '../partition-table.ts';

/** The letters of Microsoft's own samples, for the first volume of each role. */
const USUAL: Readonly<Partial<Record<Partition['role'], string>>> = { system: 'S', primary: 'W', recovery: 'R' };
/** A and B are for floppy disks, C may be what a person expects Windows on, X is WinPE's own. */
const OTHERS = [...'ZYVUTQPONMLKJIHGFED'];

/**
 * A free letter for each volume that has a file system; undefined for the others, for those that are to have none, and
 * for hidden ones, which Windows takes from its list once their type is set. Pure.
 */
export function chooseLetters(
  partitions: readonly Pick<Partition, 'role' | 'fileSystem' | 'noLetter'>[],
  taken: readonly string[],
): (string | undefined)[] {
  const used = new Set(taken.map((letter) => letter.toUpperCase()));
  return partitions.map(({ role, fileSystem, noLetter }) => {
    if (fileSystem === 'none' || role === 'hidden' || noLetter === true) return undefined;
    const wanted = [USUAL[role], ...OTHERS, ...Object.values(USUAL)];
    const letter = wanted.find((candidate) => candidate !== undefined && !used.has(candidate));
    if (letter === undefined) {
      throw new MediasmithError('VOLUME_NOT_FOUND', 'no drive letter is free for a new volume', {
        hint: 'Take out drives that are not needed, or have the sequence make fewer volumes.',
      });
    }
    used.add(letter);
    return letter;
  });
}

/** So many free letters, none of those that volumes of a new disk usually get. Pure. */
export function spareLetters(count: number, taken: readonly string[]): string[] {
  const used = new Set(taken.map((letter) => letter.toUpperCase()));
  const free = OTHERS.filter((letter) => !used.has(letter));
  if (free.length >= count) return free.slice(0, count);
  throw new MediasmithError('VOLUME_NOT_FOUND', 'no drive letter is free for a new volume', {
    hint: 'Take out drives that are not needed. Nothing was changed.',
  });
}

/** A letter without anything behind it is free. */
export function takenLetters(win32: Pick<Win32, 'driveLetters' | 'driveType'>): string[] {
  return win32.driveLetters().filter((letter) => win32.driveType(letter) !== 'none');
}
