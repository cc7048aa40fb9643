import { isOnNetwork } from '../runtime/contract/content-from.ts';
import { leavesLogsOnShare } from '../runtime/sequence/log-share.ts';
import { definitionOf, flattenSteps } from '../runtime/sequence/schema.ts';
import type { MediaProject } from './config/load.ts';

/** Whether what the medium starts must reach a network: for its content, or for what a step does. */
export function needsNetwork({ contentFrom, sequences }: Pick<MediaProject, 'contentFrom' | 'sequences'>): boolean {
  if (contentFrom !== undefined && isOnNetwork(contentFrom)) return true;
  if (sequences.some(({ sequence }) => leavesLogsOnShare(sequence))) return true;
  const steps = sequences.flatMap(({ sequence }) => flattenSteps(sequence.steps));
  return steps.some((step) => step.enabled && definitionOf(step).needs(step as never).network === true);
}
