import type { z } from 'zod';
import { descriptionAt, type Path, requiredKeys } from './schema-places.ts';

type Issue = z.core.$ZodIssue;

/** A place of a document: what the schema wants there, and what is written. */
export type Place = { schema: z.ZodType; path: Path; input: unknown; written: unknown };

/**
 * What to write instead: by the kind of problem, and by what the key is for. A rule of its own (`custom`) says it itself:
 * in its message, or as `params: { hint }`.
 */
export function hintOf(issue: Issue, place: Place): string | undefined {
  if (issue.code === 'custom') return typeof issue.params?.hint === 'string' ? issue.params.hint : undefined;
  const remedy = BY_KIND[issue.code]?.(issue as never, place);
  const key = place.path.findLast((part) => typeof part === 'string') ?? '';
  const meaning = descriptionAt(place.schema, place.path, place.input);
  const described = meaning === undefined ? undefined : `(${key}: ${meaning})`;
  return [remedy, described].filter((part) => part !== undefined).join(' ') || LOOK_UP;
}

const LOOK_UP = 'The reference (docs/reference) says what may stand here.';

const BY_KIND: {
  [Kind in Issue['code']]?: (issue: Extract<Issue, { code: Kind }>, place: Place) => string | undefined;
} = {
  invalid_type: ({ expected }, { schema, path, written }) => {
    if (path.length === 0) return `Write its keys, at least: ${requiredKeys(schema).join(', ')}. ${EXAMPLES}`;
    return written === undefined ? `Add it: "${exampleOf(path)}".` : `${FORMS[expected] ?? ''}${forExample(path)}`;
  },
  invalid_value: ({ values }) => `Write one of: ${values.map(String).join(', ')}.`,
  invalid_format: (_, { path }) => forExample(path).trim() || undefined,
  too_big: ({ origin, maximum }, { written }) => {
    if (typeof written === 'string') return `Shorten it by ${counted(written.length - Number(maximum), 'character')}.`;
    if (origin === 'array') return `Leave at most ${counted(Number(maximum), 'entry')}.`;
    return `Write ${maximum} or less.`;
  },
  too_small: ({ origin, minimum, inclusive }) => {
    const least = Number(minimum) + (inclusive === false ? 1 : 0);
    if (origin === 'string') return `Write ${least === 1 ? 'something' : counted(least, 'character')}.`;
    return origin === 'array' ? `Name at least ${least === 1 ? 'one' : least}.` : `Write ${least} or more.`;
  },
};

const EXAMPLES = 'Examples are in templates/examples.';

/** How a value of each type is written in YAML. */
const FORMS: Record<string, string | undefined> = {
  string: 'Write a text, in quotation marks where it looks like a number or a word like true.',
  number: 'Write a number, without quotation marks and without a unit.',
  int: 'Write a whole number, without quotation marks and without a unit.',
  boolean: 'Write true or false, without quotation marks.',
  array: 'Write a list: each entry on a line of its own that begins with "- ".',
  object: 'Write its keys below it, indented: each on a line of its own, as "key: value".',
};

/** A value that is right, by the name of the key. */
const EXAMPLE_VALUES: Record<string, string | undefined> = {
  name: 'Branch office',
  'images.name': 'windows',
  'packages.name': 'drivers',
  'variables.name': 'OSDComputerName',
  sequences: '[install.yaml]',
  outputs: '[{ iso: branch-office.iso }]',
  label: 'BRANCH_OFFICE',
  iso: 'branch-office.iso',
  usb: 'branch-office.img',
  prestaged: 'branch-office.img',
  source: 'install.wim',
  id: 'install',
  image: 'windows',
  package: 'drivers',
  computerName: 'PC-0042',
  variable: 'OSDComputerName',
  ...Object.fromEntries(
    ['memory', 'size', 'minimumSize', 'maximumSize', 'freeDiskSpace', 'mediaSize'].map((key) => [key, '4 GB']),
  ),
};

function exampleOf(path: Path): string {
  const [within, key = within] = path.filter((part) => typeof part === 'string').slice(-2);
  return `${key}: ${EXAMPLE_VALUES[`${within}.${key}`] ?? EXAMPLE_VALUES[key ?? ''] ?? '...'}`;
}

function forExample(path: Path): string {
  const example = exampleOf(path);
  return example.endsWith('...') ? '' : ` For example "${example}".`;
}

function counted(count: number, noun: string): string {
  if (count === 1) return `1 ${noun}`;
  return `${count} ${noun.endsWith('y') ? `${noun.slice(0, -1)}ies` : `${noun}s`}`;
}

/** What to do about a text that is no YAML. `code`: the parser's. */
export function yamlHint(code: string | undefined): string {
  return (code === undefined ? undefined : YAML_HINTS[code]) ?? SYNTAX_HINT;
}

const SYNTAX_HINT =
  'Look at this line and the one before it: "key: value" with a space behind the colon, indented by spaces, every bracket and quotation mark closed.';

const QUOTE =
  'Put the value in quotation marks: a text with ": " or " #", or that begins with a sign such as % @ * & { [, needs them.';

const YAML_HINTS: Record<string, string | undefined> = {
  DUPLICATE_KEY: 'Remove one of the two: a key may stand only once in the same place.',
  TAB_AS_INDENT: 'Indent with spaces: YAML allows no tabs there.',
  BAD_INDENT: 'Begin the keys of one place, and the entries of one list, in the same column, and close every bracket.',
  MISSING_CHAR: 'Close what is open: a quotation mark, a bracket, or put the missing comma or colon.',
  BLOCK_AS_IMPLICIT_KEY: QUOTE,
  MULTILINE_IMPLICIT_KEY: 'Put a colon and a space behind the key, or the value of the line before in quotation marks.',
  BAD_SCALAR_START: QUOTE,
  BAD_DQ_ESCAPE: "Write a path in 'single' quotation marks or in none: in double ones a backslash begins an escape.",
  MULTIPLE_DOCS: 'Keep one document in the file: remove the line "---" and what does not belong to it.',
  BAD_ALIAS: QUOTE,
  NON_STRING_KEY: 'Write a text as the key.',
};
