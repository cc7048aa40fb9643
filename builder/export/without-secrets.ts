import { z } from 'zod';
import { MediasmithError } from '../../runtime/contract/errors.ts';
import { checkDocument, editDocument, writeDocument } from '../../runtime/sequence/document.ts';
import { loadSequence } from '../../runtime/sequence/load.ts';
import type { Sequence } from '../../runtime/sequence/schema.ts';
import type { Blank } from './blank-secrets.ts';
import type { GatheredSequence } from './gather-sequences.ts';
import { type Plain, type Repeated, repeatedSecrets, secretLeftIn } from './repeated-secrets.ts';
import type { Secret, SecretSearch } from './secret-search.ts';

/** Something that is not as the author wrote it. `repeated`: the value of a secret that stood in another place again. */
export type LeftOutSecret = { kind: 'secret' | 'repeated'; step: string; field: string; variable: string };

export type WithoutSecrets = {
  text: string;
  sequence: Sequence;
  leftOut: LeftOutSecret[];
  /** Its comments had to go: one repeats a secret. */
  withoutComments: boolean;
};

type Edit = { path: readonly PropertyKey[]; value: string };

/**
 * A sequence with its blanks in place of what is secret, and with none of the secrets of the whole export anywhere else in
 * it. Its text stays as its author wrote it, unless an alias takes a secret to several places, or a comment repeats one:
 * then it is written anew, without comments. `names`: of sequences and of content. `SEQUENCE_INVALID` where a secret
 * cannot be taken out.
 */
export function withoutSecrets(
  { file, text, sequence }: GatheredSequence,
  blanks: readonly Blank[],
  search: SecretSearch,
  names: ReadonlySet<string>,
): WithoutSecrets {
  const plain = readPlain(text);
  const edits: Edit[] = blanks.map(({ path, value, variable }) => ({
    path,
    value: value.replaceAll(`%${variable}%`, `%${search.variableFor(variable)}%`),
  }));
  for (const edit of edits) set(plain, edit);
  const repeated = repeatedSecrets(plain, sequence, search);
  for (const { path, text: told } of repeated) {
    const edit = { path, value: search.replace(told) };
    set(plain, edit);
    edits.push(edit);
  }
  const kept = edits.length === 0 ? text : tryEdit(text, edits);
  const clean = kept !== undefined && secretLeftIn(kept, readPlain(kept), search) === undefined;
  const written = clean ? kept : writeDocument(plain);
  const { sequence: blanked } = loadSequence(written, file);
  // What is known by its name elsewhere in the zip or on the medium cannot have another.
  const name = repeated.find(({ text: told }) => names.has(told));
  const cannot = name ?? (blanked === undefined ? culprit(text, edits, repeated) : undefined);
  if (cannot !== undefined) throw cannotBeTakenOut(file, cannot);
  const left = secretLeftIn(written, plain, search);
  if (blanked === undefined || left !== undefined) throw isLeft(file, left);
  const leftOut = [
    ...blanks.map(({ step, field, variable }) => ({
      kind: 'secret' as const,
      step,
      field,
      variable: search.variableFor(variable),
    })),
    ...repeated.map(({ step, field, secret }) => ({
      kind: 'repeated' as const,
      step,
      field,
      variable: search.variableFor(secret.variable),
    })),
  ];
  return {
    text: written,
    sequence: blanked,
    leftOut: leftOut.map((one) => ({ ...one, step: search.replace(one.step) })),
    withoutComments: !clean && /#/.test(text),
  };
}

/** What the document says, with a copy of its own for every alias. */
export function readPlain(text: string): Plain {
  const { value } = checkDocument(z.unknown(), text, '', 'SEQUENCE_INVALID');
  return JSON.parse(JSON.stringify(value));
}

function set(plain: Plain, { path, value }: Edit): void {
  const holder = path.slice(0, -1).reduce<unknown>((inner, key) => (inner as Plain)[key], plain) as Plain;
  holder[path.at(-1) ?? ''] = value;
}

/** Undefined where the edited document is none any more. */
function tryEdit(text: string, edits: readonly Edit[]): string | undefined {
  try {
    const edited = editDocument(text, edits);
    return loadSequence(edited, '').sequence === undefined ? undefined : edited;
  } catch {
    // A path through an alias leads nowhere in the document.
    return undefined;
  }
}

/** The place that does not take a variable. */
function culprit(text: string, edits: readonly Edit[], repeated: readonly Repeated[]): Repeated | undefined {
  const given = edits.slice(0, edits.length - repeated.length);
  return repeated.find((_, index) => {
    const plain = readPlain(text);
    for (const edit of [...given, edits[given.length + index]]) if (edit !== undefined) set(plain, edit);
    return loadSequence(writeDocument(plain), '').sequence === undefined;
  });
}

function cannotBeTakenOut(file: string, { step, field, secret }: Repeated): MediasmithError {
  return new MediasmithError(
    'SEQUENCE_INVALID',
    `${file} cannot be exported: "${step}" has a secret in ${field}, where no variable can stand for it`,
    {
      where: file,
      lines: [`It is the ${secret.field} of "${secret.step}".`],
      hint: 'Write another value in one of the two places, or a %variable% in place of the secret.',
    },
  );
}

function isLeft(file: string, secret: Secret | undefined): MediasmithError {
  const of = secret === undefined ? 'a secret' : `the secret of "${secret.step}", ${secret.field},`;
  return new MediasmithError('SEQUENCE_INVALID', `${file} cannot be exported: ${of} cannot be taken out of it`, {
    where: file,
    hint: 'Write a %variable% in place of the secret.',
  });
}
