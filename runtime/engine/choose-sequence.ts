import { MediasmithError } from '../contract/errors.ts';
import type { Sequence } from '../sequence/schema.ts';
import type { Ask } from '../steps/context.ts';
import type { Offer } from './offers.ts';

export type Choosing = {
  medium: string;
  offers: readonly Offer[];
  /** The sequence that the boot menu or `SMSTSPreferredAdvertID` names: no other is asked for. */
  named: string | undefined;
  /** What starts where nobody is asked, and stands ready where somebody is. */
  preferred: string | undefined;
  /** Undefined where nobody is there. */
  ask: Ask | undefined;
  /** Somebody wants the menu, even of one. */
  menu: boolean;
};

/** What must be typed before a sequence of high impact starts. */
const WORD = 'CONTINUE';

/**
 * The sequence to run: the one that is named; the only required one; where nobody is there the preferred or the only one;
 * else what the person picks. One of high impact is confirmed by whoever is there, however it was chosen: Microsoft's
 * texts do not say so of a required one, and asking is the safer reading. `SEQUENCE_INVALID` says why there is none.
 */
export async function chooseSequence(choosing: Choosing): Promise<Sequence> {
  const { offers, named, ask, menu } = choosing;
  if (named !== undefined && !menu) return confirmed(byId(named, offers), choosing);
  const offered = offers.filter(({ refused }) => refused === undefined);
  if (offered.length === 0) throw fail('none of the task sequences of this medium can be started here and now', offers);
  const [required, ...others] = offered.filter(({ sequence }) => sequence.purpose === 'required');
  if (required !== undefined && others.length === 0 && !menu) return confirmed(required.sequence, choosing);
  if (ask === undefined) return unattendedChoice(offered, choosing);
  const [only] = offered;
  if (only !== undefined && offers.length === 1 && !menu) return confirmed(only.sequence, choosing);
  return pick(choosing, ask);
}

function byId(id: string, offers: readonly Offer[]): Sequence {
  const offer = offers.find(({ sequence }) => sequence.id === id);
  if (offer === undefined) throw fail(`the medium has no sequence "${id}"`, offers);
  if (offer.refused !== undefined) throw fail(`the sequence "${id}" cannot be started: ${offer.refused}`, offers);
  return offer.sequence;
}

function unattendedChoice(offered: readonly Offer[], { offers, preferred }: Choosing): Sequence {
  if (preferred !== undefined) return byId(preferred, offers);
  const [only, ...others] = offered;
  if (only !== undefined && others.length === 0) return only.sequence;
  throw fail('the medium has several sequences, none was named, and nobody is there to ask', offers);
}

/** A person alone is asked to confirm; the menu is there again when it is not. */
async function pick({ medium, offers, preferred }: Choosing, ask: Ask): Promise<Sequence> {
  const choices = offers.map(({ sequence, refused }) => ({
    name: sequence.name,
    details: sequence.description,
    refused,
  }));
  const at = offers.findIndex(({ sequence }) => sequence.id === preferred);
  for (;;) {
    const index = await ask.choose(`${medium}: which task sequence shall run?`, choices, {
      preferred: at < 0 ? undefined : at,
    });
    const sequence = offers[index]?.sequence;
    if (sequence === undefined) throw fail('no sequence was chosen', offers);
    if (await confirms(sequence, ask)) return sequence;
  }
}

async function confirmed(sequence: Sequence, { ask }: Choosing): Promise<Sequence> {
  if (ask === undefined || (await confirms(sequence, ask))) return sequence;
  throw new MediasmithError('INTERRUPTED', `"${sequence.name}" was not confirmed`, {
    hint: 'Nothing on this machine was changed.',
  });
}

async function confirms({ name, highImpact }: Sequence, ask: Ask): Promise<boolean> {
  if (!highImpact) return true;
  const question = `"${name}" changes this machine for good: what is on it may be lost.\nType ${WORD} to start it, or nothing to leave it`;
  return (await ask.text(question)).trim().toUpperCase() === WORD;
}

function fail(message: string, offers: readonly Offer[]): MediasmithError {
  const lines = offers.map(
    ({ sequence: { id, name }, refused }) => `${name} (${id})${refused === undefined ? '' : `: ${refused}`}`,
  );
  return new MediasmithError('SEQUENCE_INVALID', message, { lines, hint: 'Nothing on this machine was changed.' });
}
