import type { Manifest } from '../../runtime/contract/manifest.ts';
import { isGroup, type Sequence } from '../../runtime/sequence/schema.ts';
import { AnySequence } from '../../runtime/sequence/versions.ts';
import type { MediumFiles } from './medium-files.ts';

/** How many steps a sequence of a medium has; null where it cannot be read, which is for whoever verifies it. */
export async function countSteps(medium: MediumFiles, { file }: Manifest['sequences'][number]): Promise<number | null> {
  const there = medium.find(file);
  if (there === undefined) return null;
  try {
    return stepsOf(AnySequence.parse(JSON.parse((await medium.read(there.path)).toString('utf8'))).steps);
  } catch {
    return null;
  }
}

function stepsOf(entries: Sequence['steps']): number {
  return entries.reduce((sum, entry) => sum + (isGroup(entry) ? stepsOf(entry.steps) : 1), 0);
}
