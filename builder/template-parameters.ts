import { MediasmithError } from '../runtime/contract/errors.ts';
import { closest } from '../runtime/sequence/closest.ts';

/** What a project gives a template. The value that stands in the template is the default. */
export type TemplateParameter = { name: string; default: string; description: string };

/**
 * A parameter is a value on a line of its own with a comment behind it, so that a template is a sequence like any other:
 * `image: windows-11 # <image> The Windows image`. One that is used again needs no second description.
 */
const PARAMETER =
  /^(?<head> *(?:- )?(?:[A-Za-z]+: )?)(?<value>[^#\s].*?) # <(?<name>[a-z][A-Za-z0-9]*)>(?: (?<description>.+))?$/gm;

type Found = { head: string; value: string; name: string; description?: string };

/** Every parameter of a template once, in the order in which they stand in it. */
export function parametersOf(template: string): TemplateParameter[] {
  const parameters = new Map<string, TemplateParameter>();
  for (const { groups } of template.matchAll(PARAMETER)) {
    const { name, value, description = '' } = groups as Found;
    if (!parameters.has(name)) parameters.set(name, { name, default: readScalar(value), description });
  }
  return [...parameters.values()];
}

/**
 * The template with the values given and with all its comments; the names of the parameters are gone. `USAGE` for a
 * parameter it does not have, and for a value of several lines.
 */
export function fillIn(template: string, values: ReadonlyMap<string, string>): string {
  const known = parametersOf(template).map(({ name }) => name);
  for (const [name, value] of values) checkValue(name, value, known);
  return template.replace(PARAMETER, (...match) => {
    const { head, value, name, description } = match.at(-1) as Found;
    const given = values.get(name);
    const comment = description === undefined ? '' : ` # ${description}`;
    return `${head}${given === undefined ? value : writeScalar(given)}${comment}`;
  });
}

function checkValue(name: string, value: string, known: readonly string[]): void {
  if (!known.includes(name)) {
    const near = closest(name, known);
    throw new MediasmithError('USAGE', `--set ${name}: the template has no parameter "${name}"`, {
      hint: near === undefined ? `It has: ${known.join(', ')}.` : `Did you mean "${near}"?`,
    });
  }
  if (value !== '' && !/\p{Cc}/u.test(value)) return;
  throw new MediasmithError('USAGE', `--set ${name}: a value is one line, and not empty`);
}

/** Of YAML's scalars those that templates use. */
function readScalar(text: string): string {
  if (text.startsWith('"')) return String(JSON.parse(text));
  return text.startsWith("'") ? text.slice(1, -1).replaceAll("''", "'") : text;
}

/** What is a text in YAML without quotation marks whatever surrounds it; all else gets some. */
const PLAIN = /^(?!(?:true|false|null|yes|no|on|off)$)[A-Za-z][A-Za-z0-9._-]*(?: [A-Za-z0-9._-]+)*$/i;

function writeScalar(value: string): string {
  return PLAIN.test(value) ? value : `'${value.replaceAll("'", "''")}'`;
}
