import type { RunResult } from '../contract/results.ts';
import type { Environment } from '../contract/step.ts';
import type { Sequence } from '../sequence/schema.ts';

/** A sequence as it stands in the menu. `refused`: why it is not offered. */
export type Offer = { sequence: Sequence; refused: string | undefined };

export type OfferSituation = {
  now: Date;
  environment: Environment;
  /** What the disks of this machine remember of earlier runs. */
  earlier: readonly RunResult[];
};

/** Which sequences may be started here and now, and why others may not. Pure. */
export function offersOf(sequences: readonly Sequence[], situation: OfferSituation): Offer[] {
  return sequences.map((sequence) => ({ sequence, refused: whyRefused(sequence, situation) }));
}

function whyRefused(sequence: Sequence, { now, environment, earlier }: OfferSituation): string | undefined {
  const { startsIn, validFrom, validUntil } = sequence;
  if (startsIn !== 'any' && startsIn !== environment) {
    return startsIn === 'winpe'
      ? 'it is started from the medium, not from the running Windows'
      : 'it is started in the running Windows, by mediasmith.exe on the medium';
  }
  const today = dayOf(now);
  if (validFrom !== undefined && today < validFrom)
    return `it may be used from ${validFrom} on, and the clock of this machine says ${today}`;
  if (validUntil !== undefined && today > validUntil)
    return `it might be used until ${validUntil}, and the clock of this machine says ${today}`;
  return whyNotAgain(sequence, earlier);
}

function whyNotAgain({ id, rerun }: Sequence, earlier: readonly RunResult[]): string | undefined {
  const runs = earlier.filter(({ sequence }) => sequence.id === id).sort((a, b) => (a.ended < b.ended ? -1 : 1));
  const last = runs.at(-1);
  if (last === undefined || rerun === 'always') return undefined;
  const when = last.ended.slice(0, 16).replace('T', ' ');
  if (rerun === 'never') return `it runs once on a machine, and did so on ${when} UTC`;
  return last.outcome === 'failed' ? undefined : `it succeeded on this machine on ${when} UTC`;
}

/** The day on the machine's clock: a medium's dates are those of the place where it is used. */
function dayOf(now: Date): string {
  const digits = (value: number) => String(value).padStart(2, '0');
  return `${now.getFullYear()}-${digits(now.getMonth() + 1)}-${digits(now.getDate())}`;
}
