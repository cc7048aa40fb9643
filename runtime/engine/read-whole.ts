import type { Medium, MediumFiles } from '../platform/platform.ts';

/** A small file of the medium, wherever that is. */
export async function readWhole(
  medium: Medium,
  path: string,
  { platform, signal }: { platform: Pick<MediumFiles, 'readMediumFile'>; signal: AbortSignal },
): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of platform.readMediumFile(medium, path, signal)) chunks.push(chunk);
  return Buffer.concat(chunks);
}
