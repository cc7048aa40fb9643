import { createHash } from 'node:crypto';
import { MediasmithError } from '../contract/errors.ts';
import type { Medium, MediumFiles } from '../platform/platform.ts';

/**
 * A small file of the medium, wherever that is. It is read once more after it was verified, and a web server may answer
 * something else then: `MEDIUM_CORRUPT` where it is not what the manifest says.
 */
export async function readWhole(
  medium: Medium,
  path: string,
  { platform, signal }: { platform: Pick<MediumFiles, 'readMediumFile'>; signal: AbortSignal },
): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of platform.readMediumFile(medium, path, signal)) chunks.push(chunk);
  return held(medium, path, Buffer.concat(chunks));
}

/** The content of a file that the manifest lists. */
export function held({ manifest }: Pick<Medium, 'manifest'>, path: string, content: Buffer): Buffer {
  const listed = manifest.files.find((file) => file.path === path);
  if (listed === undefined || createHash('sha256').update(content).digest('hex') === listed.sha256) return content;
  throw new MediasmithError('MEDIUM_CORRUPT', `${path}: its content has changed since it was verified`, {
    where: path,
    hint: 'Nothing on this machine was changed. Make the medium again, or see who writes on the server.',
  });
}
