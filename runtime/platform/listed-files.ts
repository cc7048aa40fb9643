import { z } from 'zod';
import { ManifestFile } from '../contract/manifest.ts';

const Listing = z.object({ files: z.array(ManifestFile) });

/** Nothing for a manifest that is damaged: it is then all there is to read, and whoever verifies it will say so. */
export function listedFiles(manifest: Buffer): readonly ManifestFile[] {
  try {
    return Listing.parse(JSON.parse(manifest.toString('utf8'))).files;
  } catch {
    return [];
  }
}
