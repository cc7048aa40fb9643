import { MediasmithError } from '../../../runtime/contract/errors.ts';
import { formatBytes } from '../../../runtime/contract/format-bytes.ts';

/** `NO_SPACE` where a volume has fewer free clusters than are needed. */
export function refuseWithoutRoom(neededClusters: number, freeClusters: number, clusterBytes: number): void {
  if (neededClusters <= freeClusters) return;
  const [needed, free] = [neededClusters * clusterBytes, freeClusters * clusterBytes];
  const message = `${formatBytes(needed)} are needed on the volume, ${formatBytes(free)} are free`;
  throw new MediasmithError('NO_SPACE', message, {
    lines: [`${needed} bytes are needed, ${free} bytes are free`],
    hint: 'Use a larger volume, or put less onto it.',
  });
}
