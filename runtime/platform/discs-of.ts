import { type DiscSetup, DiscSource } from './disc-source.ts';
import { type MediumFacts, manifestDigestAt } from './hold-medium.ts';
import { manifestIdAt } from './manifest-id.ts';

/** The discs of the medium that `first` is one of; a medium that is no set is its own only disc. */
export async function discsOf(
  facts: MediumFacts,
  { first, look }: Pick<DiscSetup, 'first' | 'look'>,
): Promise<DiscSource> {
  return new DiscSource({
    mediumId: (await manifestIdAt(first.root)) ?? '',
    label: facts.label,
    discs: facts.discs ?? 1,
    manifestDigest: await manifestDigestAt(first.root),
    ...{ first, look },
  });
}
