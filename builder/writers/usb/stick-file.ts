import { bytesOf, type Place } from '../../placed-content.ts';
import type { VolumeFile } from '../../volumes/volume.ts';

/** A file that goes onto a stick: where its bytes are now, and what they hash to where that is known. */
export type StickFile = VolumeFile & { content: Place | { data: Uint8Array }; sha256?: string | undefined };

export function stickFile(path: string, content: StickFile['content'], sha256?: string): StickFile {
  return { path, bytes: 'data' in content ? content.data.length : bytesOf(content), content, sha256 };
}
