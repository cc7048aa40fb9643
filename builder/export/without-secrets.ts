import { z } from 'zod';
import { checkDocument, editDocument, writeDocument } from '../../runtime/sequence/document.ts';
import { loadSequence } from '../../runtime/sequence/load.ts';
import { type Blank, secretsOf } from './blank-secrets.ts';

/** So short a secret is a word that may stand anywhere. */
const SHORTEST = 6;

/**
 * The text of a sequence with its blanks in place of what is secret. It stays as its author wrote it, unless an alias
 * takes a secret to several places, or a comment repeats one: then it is written anew, without comments.
 */
export function withoutSecrets(text: string, blanks: readonly Blank[]): string {
  if (blanks.length === 0) return text;
  const plain = structuredCloneOf(text);
  const secrets = blanks.map(({ path }) => valueAt(plain, path));
  const edited = tryEdit(text, blanks);
  if (edited !== undefined && !secrets.some((secret) => secret.length >= SHORTEST && edited.includes(secret))) {
    return edited;
  }
  for (const { path, value } of blanks) {
    const holder = path.slice(0, -1).reduce<unknown>((inner, key) => (inner as Plain)[key], plain) as Plain;
    holder[path.at(-1) ?? ''] = value;
  }
  return writeDocument(plain);
}

type Plain = Record<PropertyKey, unknown>;

/** What the document says, with a copy of its own for every alias. */
function structuredCloneOf(text: string): Plain {
  const { value } = checkDocument(z.unknown(), text, '', 'SEQUENCE_INVALID');
  return JSON.parse(JSON.stringify(value));
}

/** The option that holds the secret; a command line holds it among other words, and is none itself. */
function valueAt(plain: Plain, path: readonly PropertyKey[]): string {
  const value = path.reduce<unknown>((inner, key) => (inner as Plain)[key], plain);
  return typeof value === 'string' ? value : '';
}

/** Undefined where the edited document is none any more, or still has a secret. */
function tryEdit(text: string, blanks: readonly Blank[]): string | undefined {
  let edited: string;
  try {
    edited = editDocument(text, blanks);
  } catch {
    // A path through an alias leads nowhere in the document.
    return undefined;
  }
  const { sequence } = loadSequence(edited, '');
  return sequence !== undefined && secretsOf(sequence).length === 0 ? edited : undefined;
}
