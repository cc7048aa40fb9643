import { createHash } from 'node:crypto';
import type { Manifest } from '../contract/manifest.ts';

/**
 * What a run keeps of the manifest it began with: where it goes on, the installed Windows, no key is there to check the
 * signature by.
 */
export function manifestDigest(manifest: Manifest): string {
  return createHash('sha256').update(JSON.stringify(manifest)).digest('hex');
}
