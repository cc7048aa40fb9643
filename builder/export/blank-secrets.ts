import { z } from 'zod';
import { type Entry, isGroup, type Sequence, stepSchema, titleOf } from '../../runtime/sequence/schema.ts';
import { hideSecrets, isSecretVariable } from '../import/secrets.ts';

/** A place of a sequence and what is written there instead of a secret. */
export type Blank = { path: PropertyKey[]; value: string; step: string; field: string; variable: string };

/** Every secret that stands in a sequence, with the `%variable%` that takes its place. One that is a variable already is none. */
export function secretsOf(sequence: Sequence): Blank[] {
  return sequence.steps.flatMap((entry, index) => secretsOfEntry(entry, ['steps', index]));
}

function secretsOfEntry(entry: Entry, path: PropertyKey[]): Blank[] {
  if (isGroup(entry)) return entry.steps.flatMap((inner, index) => secretsOfEntry(inner, [...path, 'steps', index]));
  const found = [...secretFields(stepSchema(entry.step), entry, []), ...commandSecrets(entry), ...markedValues(entry)];
  return found.map(({ at, value, variable }) => ({
    path: [...path, ...at],
    value,
    variable,
    step: titleOf(entry),
    field: at.map(String).join('.'),
  }));
}

type Found = { at: PropertyKey[]; value: string; variable: string };

/** Options whose schema says that they are secret, however deep. */
function secretFields(schema: z.ZodType, value: unknown, at: PropertyKey[]): Found[] {
  if (value === undefined || value === null) return [];
  const { secret, variable = `Secret-${at.map(String).join('-')}` } = (schema.meta() ?? {}) as Meta;
  if (secret === true) return isPlain(value) ? [{ at, value: `%${variable}%`, variable }] : [];
  const inner = unwrap(schema);
  if (inner instanceof z.ZodObject && typeof value === 'object')
    return Object.entries(inner.shape as Record<string, z.ZodType>).flatMap(([key, field]) =>
      secretFields(field, (value as Record<string, unknown>)[key], [...at, key]),
    );
  if (inner instanceof z.ZodArray && Array.isArray(value))
    return value.flatMap((item, index) => secretFields(inner.element as z.ZodType, item, [...at, index]));
  if (inner instanceof z.ZodUnion)
    return (inner.options as z.ZodType[])
      .filter((option) => option.safeParse(value).success)
      .slice(0, 1)
      .flatMap((option) => secretFields(option, value, at));
  return [];
}

type Meta = { secret?: boolean; variable?: string };

function unwrap(schema: z.ZodType): z.ZodType {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodNullable
    ? unwrap(schema.unwrap() as z.ZodType)
    : schema;
}

/** What a step gives to programs, as one text or as a list. */
const COMMANDS = ['command', 'sourceScript', 'parameters'] as const;

/** Passwords that somebody has written into a command line or a script. */
function commandSecrets(step: Exclude<Entry, { group: string }>): Found[] {
  const fields = step as unknown as Record<string, unknown>;
  return COMMANDS.flatMap((field) => {
    const given = fields[field];
    if (Array.isArray(given)) return listSecrets(given.map(String), field);
    return typeof given === 'string' ? textSecrets(given, [field]) : [];
  });
}

function textSecrets(text: string, at: PropertyKey[]): Found[] {
  const value = hideSecrets(text, () => '%CommandSecret%');
  return value === text ? [] : [{ at, value, variable: 'CommandSecret' }];
}

/** An option and its value are two words there: `['/password', 'x']`. */
function listSecrets(words: readonly string[], field: string): Found[] {
  return words.flatMap((word, index) => {
    const alone = textSecrets(word, [field, index]);
    const before = words[index - 1];
    if (alone.length > 0 || before === undefined || /["\s]/.test(word)) return alone;
    const both = hideSecrets(`x ${before} ${word}`, () => '%CommandSecret%');
    const hidden = both.endsWith(' %CommandSecret%') && !word.startsWith('%');
    return hidden ? [{ at: [field, index], value: '%CommandSecret%', variable: 'CommandSecret' }] : [];
  });
}

/** Values of variables that are secret where they are set. */
function markedValues(step: Exclude<Entry, { group: string }>): Found[] {
  if (step.step === 'set-variable')
    return isSecret(step.variable, step.value, step.secret) ? [markedValue(['value'], step.variable)] : [];
  if (step.step !== 'set-dynamic-variables') return [];
  return step.rules.flatMap(({ variables }, rule) =>
    variables.flatMap(({ name, value, secret }, index) =>
      isSecret(name, value, secret) ? [markedValue(['rules', rule, 'variables', index, 'value'], name)] : [],
    ),
  );
}

/** Marked as secret, or named like one; or the value itself shows one. */
function isSecret(name: string, value: string, marked: boolean): boolean {
  return isPlain(value) && (marked || isSecretVariable(name, value) || hideSecrets(value, () => '') !== value);
}

function markedValue(at: PropertyKey[], name: string): Found {
  const variable = `${name.slice(0, 240)}-Value`;
  return { at, value: `%${variable}%`, variable };
}

function isPlain(value: unknown): boolean {
  return value !== '' && !(typeof value === 'string' && /^%[A-Za-z_][A-Za-z0-9_-]*%$/.test(value));
}
