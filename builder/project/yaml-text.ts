/** What is a text in YAML without quotation marks whatever surrounds it. */
const PLAIN = /^(?!(?:true|false|null|yes|no|on|off|y|n)$)[A-Za-z][\w./+-]*(?: [\w./+-]+)*$/i;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** A scalar as a person would write it: quoted where it would be read as something else. */
export function scalar(value: string | number | boolean): string {
  if (typeof value !== 'string') return String(value);
  return PLAIN.test(value) || DAY.test(value) || /^\/[\w./+-]+$/.test(value) ? value : JSON.stringify(value);
}

/** Lines of comment, as wide as the rest of the file. */
export function comment(text: string): string[] {
  return text.split('\n').map((line) => `# ${line}`.trimEnd());
}
