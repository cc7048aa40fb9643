import type { Machines } from '../contract/machines.ts';
import type { ManifestVariable } from '../contract/manifest.ts';
import type { Medium } from '../platform/platform.ts';
import type { SealedContent } from '../seal/sealed-content.ts';
import { loadSequences, type Sequences, sequencesOf } from './load-sequences.ts';
import { NO_MACHINES, readMachines } from './media-variables.ts';
import type { Start } from './medium-run.ts';

/** What a run from a medium follows. */
export type MediumContent = {
  sequences: Sequences;
  variables: readonly ManifestVariable[];
  machines: () => Promise<Machines>;
  preferredSequence: string | undefined;
};

/** From the files of the medium, or from what its password has opened. */
export async function loadContent(
  medium: Medium,
  sealed: SealedContent | undefined,
  { platform, signal }: Start,
): Promise<MediumContent> {
  const { manifest } = medium;
  if (sealed === undefined) {
    const { variables, preferredSequence } = manifest;
    const machines = () => readMachines(medium, platform, signal);
    return { sequences: await loadSequences(medium), variables, machines, preferredSequence };
  }
  const { variables, machines = NO_MACHINES, preferredSequence } = sealed;
  const documents = sealed.sequences.map(({ id, name, document }) => ({
    id,
    document,
    where: `the sequence "${name}"`,
  }));
  return { sequences: sequencesOf(documents), variables, machines: async () => machines, preferredSequence };
}
