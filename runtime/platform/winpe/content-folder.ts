import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { ContentPlace } from '../../contract/content-from.ts';
import { manifestIdAt } from '../manifest-id.ts';
import { noContentFolder } from '../no-content-folder.ts';
import type { MountedMedium } from '../platform.ts';
import { diskOfLetter } from './devices.ts';
import type { WinpeHost } from './host.ts';

const PATIENCE_SECONDS = 60;
const LOOK_AGAIN_MILLISECONDS = 500;

type Folder = ContentPlace & { kind: 'folder' };
type Search = { signal?: AbortSignal | undefined; patienceSeconds?: number };

/** Looks at every drive until a volume with the label, whatever its case, has a medium in the folder. */
export async function findContentFolder(
  host: Pick<WinpeHost, 'win32' | 'drive' | 'disk'>,
  folder: Folder,
  { signal, patienceSeconds = PATIENCE_SECONDS }: Search = {},
): Promise<MountedMedium> {
  const { win32, drive } = host;
  const deadline = performance.now() + patienceSeconds * 1000;
  for (;;) {
    signal?.throwIfAborted();
    const labels = new Map(win32.driveLetters().map((letter) => [letter, win32.volumeLabel(letter)]));
    for (const [letter, label] of labels) {
      if (label?.toLowerCase() !== folder.label.toLowerCase()) continue;
      const root = join(drive(letter), folder.path);
      if ((await manifestIdAt(root)) === undefined) continue;
      return { root, device: `${letter}:`, disk: diskOfLetter(host, letter) ?? '', launchMode: 'UFD' };
    }
    if (performance.now() >= deadline) {
      const seen = [...labels].flatMap(([letter, label]) => (label === undefined ? [] : [[letter, label] as const]));
      throw noContentFolder(folder, seen);
    }
    await setTimeout(LOOK_AGAIN_MILLISECONDS, undefined, { ...(signal !== undefined && { signal }) });
  }
}
