import { formatBytes } from '../../runtime/contract/format-bytes.ts';
import type { WimSource } from '../resolve/resolve-images.ts';

/** A line for each source whose data nobody has read: what is damaged in it goes onto the medium as it is. */
export function unverifiedNotes(wims: readonly Pick<WimSource, 'origin' | 'bytes' | 'verified'>[]): string[] {
  return wims
    .filter(({ verified }) => !verified)
    .map(
      ({ origin, bytes }) =>
        `${origin} (${formatBytes(bytes)}) was not verified: damage in it would be found by the PC that it is applied to. ` +
        '"build --verify-sources" reads all of it, once',
    );
}
