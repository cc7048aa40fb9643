import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { MEDIUM_PATHS } from '../../contract/manifest.ts';
import { exists } from '../../host/exists.ts';
import type { PresentMedium } from '../disc-source.ts';
import { discsOf } from '../discs-of.ts';
import { holdMedium, mayBeTakenOut, mediumFactsAt } from '../hold-medium.ts';
import { KeptMedium } from '../kept-medium.ts';
import type { MountedMedium } from '../platform.ts';
import type { WinpeHost } from './host.ts';
import { largestVolume } from './keep-place.ts';

/** In memory, beside the runtime. */
const MEMORY_FOLDER = 'medium';

/** The medium as one that may be taken out of its drive; undefined for one that stays there. */
export async function keepMedium(host: WinpeHost, medium: MountedMedium): Promise<KeptMedium | undefined> {
  const facts = await mediumFactsAt(medium.root);
  if (facts === undefined || !mayBeTakenOut(facts)) return undefined;
  const root = join(host.startFolder, MEMORY_FOLDER);
  await rm(root, { recursive: true, force: true });
  const held = await holdMedium(medium.root, facts, root);
  const source = await discsOf(facts, {
    first: present(medium.root, medium.device),
    look: () => presentMedia(host),
  });
  return new KeptMedium({
    mounted: { ...medium, root },
    ...{ held, source },
    files: facts.files,
    placeOn: (target) => largestVolume(host, target),
    log: (level, message) => host.log(level, message),
  });
}

/** Every drive that has a medium of ours now. Windows keeps none of them closed. */
export async function presentMedia({ win32, drive }: Pick<WinpeHost, 'win32' | 'drive'>): Promise<PresentMedium[]> {
  const media: PresentMedium[] = [];
  for (const letter of win32.driveLetters()) {
    const root = drive(letter);
    if (await exists(join(root, MEDIUM_PATHS.manifest))) media.push(present(root, `${letter}:`));
  }
  return media;
}

export function present(root: string, device: string): PresentMedium {
  return { root, device, [Symbol.asyncDispose]: async () => undefined };
}
