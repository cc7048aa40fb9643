import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Exec } from '../../host/exec.ts';
import { discsOf } from '../discs-of.ts';
import { holdMedium, mayBeTakenOut, mediumFactsAt } from '../hold-medium.ts';
import { KeptMedium } from '../kept-medium.ts';
import type { MountedMedium } from '../platform.ts';
import { contentPlace } from './content-place.ts';
import { type FoundMedium, presentMedia } from './medium.ts';

type Here = { exec: Exec; sys: string; dev: string; log: KeptMediumLog };
type KeptMediumLog = (level: 'info' | 'warning', message: string) => void;

export function mountedMedium({ mounted, device, disk }: FoundMedium): MountedMedium {
  return { root: mounted.path, device, disk, launchMode: /\/sr\d/.test(device) ? 'DVD' : 'UFD' };
}

/** The medium as one that may be taken out of its drive; undefined for one that stays there. */
export async function keepMedium(found: FoundMedium, { exec, sys, dev, log }: Here): Promise<KeptMedium | undefined> {
  const { mounted, device } = found;
  const facts = await mediumFactsAt(mounted.path);
  if (facts === undefined || !mayBeTakenOut(facts)) return undefined;
  const root = await mkdtemp(join(tmpdir(), 'medium-'));
  const held = await holdMedium(mounted.path, facts, root);
  const source = await discsOf(facts, {
    first: { root: mounted.path, device, [Symbol.asyncDispose]: () => mounted[Symbol.asyncDispose]() },
    look: () => presentMedia(exec, sys, dev),
  });
  return new KeptMedium({
    mounted: { ...mountedMedium(found), root },
    ...{ held, source, log },
    files: facts.files,
    placeOn: (target, make) => contentPlace(exec, target, { make }),
  });
}
