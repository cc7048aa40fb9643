import type { z } from 'zod';
import { type Entry, isGroup, Sequence, stepSchema, titleOf } from '../../runtime/sequence/schema.ts';
import { hideSecrets, isSecretVariable, isSwitch } from '../import/secrets.ts';
import { secretOptions } from './secret-options.ts';

/** A place of a sequence and what is written there instead of its `secrets`, which may stand in other places too. */
export type Blank = {
  path: PropertyKey[];
  value: string;
  step: string;
  field: string;
  variable: string;
  secrets: readonly string[];
};

/**
 * Every secret that stands in a sequence, with the `%variable%` that takes its place. One that is a variable already is
 * none. `names`: the variables that are secret, of all sequences that share a run.
 */
export function secretsOf(sequence: Sequence, names: ReadonlySet<string>): Blank[] {
  const own = secretFields(Sequence.shape.logPassword, sequence.logPassword, ['logPassword']);
  return [
    ...own.map(({ at, ...rest }) => ({ ...rest, path: at, step: sequence.name, field: at.map(String).join('.') })),
    ...sequence.steps.flatMap((entry, index) => secretsOfEntry(entry, ['steps', index], names)),
  ];
}

function secretsOfEntry(entry: Entry, path: PropertyKey[], names: ReadonlySet<string>): Blank[] {
  const found = comparedSecrets(entry.condition, ['condition'], names);
  if (!isGroup(entry)) {
    const rules = entry.step === 'set-dynamic-variables' ? entry.rules : [];
    found.push(
      ...secretFields(stepSchema(entry.step), entry, []),
      ...commandSecrets(entry),
      ...markedValues(entry, names),
      ...rules.flatMap((rule, index) => comparedSecrets(rule.if, ['rules', index, 'if'], names)),
    );
  }
  const blanks = found.map(({ at, ...rest }) => ({
    ...rest,
    path: [...path, ...at],
    step: titleOf(entry),
    field: at.map(String).join('.'),
  }));
  if (!isGroup(entry)) return blanks;
  return [...blanks, ...entry.steps.flatMap((inner, index) => secretsOfEntry(inner, [...path, 'steps', index], names))];
}

type Found = { at: PropertyKey[]; value: string; variable: string; secrets: readonly string[] };

/** What a condition compares a secret variable with. */
function comparedSecrets(condition: unknown, at: PropertyKey[], names: ReadonlySet<string>): Found[] {
  if (condition === null || typeof condition !== 'object') return [];
  const { variable, value } = condition as Readonly<Record<string, unknown>>;
  if (typeof variable === 'string') {
    if (typeof value !== 'string' || !/[\p{L}\p{N}]/u.test(value) || isSwitch(value)) return [];
    return isSecret(variable, value, names.has(variable.toLowerCase()))
      ? [markedValue([...at, 'value'], variable, value)]
      : [];
  }
  return Object.entries(condition).flatMap(([key, part]) =>
    comparedSecrets(part, [...at, Array.isArray(condition) ? Number(key) : key], names),
  );
}

/** Options that are secret themselves. */
function secretFields(schema: z.ZodType, given: unknown, at: PropertyKey[]): Found[] {
  return secretOptions(schema, given, at)
    .filter(({ value }) => isPlain(value))
    .map(({ at: place, value, variable }) => ({
      at: place,
      value: `%${variable}%`,
      variable,
      secrets: [String(value)],
    }));
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
  const secrets: string[] = [];
  const value = hideSecrets(text, (secret) => {
    secrets.push(secret);
    return '%CommandSecret%';
  });
  return value === text ? [] : [{ at, value, variable: 'CommandSecret', secrets }];
}

/** An option and its value are two words there: `['/password', 'x']`. */
function listSecrets(words: readonly string[], field: string): Found[] {
  return words.flatMap((word, index) => {
    const alone = textSecrets(word, [field, index]);
    const before = words[index - 1];
    if (alone.length > 0 || before === undefined || /["\s]/.test(word)) return alone;
    const both = hideSecrets(`x ${before} ${word}`, () => '%CommandSecret%');
    const hidden = both.endsWith(' %CommandSecret%') && !word.startsWith('%');
    if (!hidden) return [];
    return [{ at: [field, index], value: '%CommandSecret%', variable: 'CommandSecret', secrets: [word] }];
  });
}

/** Values of variables that are secret where they are set. */
function markedValues(step: Exclude<Entry, { group: string }>, names: ReadonlySet<string>): Found[] {
  const isMarked = (name: string, marked: boolean): boolean => marked || names.has(name.toLowerCase());
  if (step.step === 'set-variable')
    return isSecret(step.variable, step.value, isMarked(step.variable, step.secret))
      ? [markedValue(['value'], step.variable, step.value)]
      : [];
  if (step.step !== 'set-dynamic-variables') return [];
  return step.rules.flatMap(({ variables }, rule) =>
    variables.flatMap(({ name, value, secret }, index) =>
      isSecret(name, value, isMarked(name, secret))
        ? [markedValue(['rules', rule, 'variables', index, 'value'], name, value)]
        : [],
    ),
  );
}

/** Marked as secret, or named like one; or the value itself shows one. */
function isSecret(name: string, value: string, marked: boolean): boolean {
  return isPlain(value) && (marked || isSecretVariable(name, value) || hideSecrets(value, () => '') !== value);
}

function markedValue(at: PropertyKey[], name: string, secret: string): Found {
  const variable = `${name.slice(0, 240)}-Value`;
  const inside: string[] = [];
  hideSecrets(secret, (part) => {
    inside.push(part);
    return '';
  });
  return { at, value: `%${variable}%`, variable, secrets: [secret, ...inside] };
}

function isPlain(value: unknown): boolean {
  return value !== '' && !(typeof value === 'string' && /^%[A-Za-z_][A-Za-z0-9_-]*%$/.test(value));
}
