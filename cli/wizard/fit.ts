/** A text no wider than `columns`: what is too much is left out of its middle. */
export function fit(text: string, columns: number): string {
  if (text.length <= columns) return text;
  const kept = columns - 1;
  const head = Math.floor(kept / 2);
  return `${text.slice(0, head)}…${text.slice(text.length - (kept - head))}`;
}

/** Every line of a text, {@link fit}. */
export function fitLines(text: string, columns: number): string {
  return text
    .split('\n')
    .map((line) => fit(line, columns))
    .join('\n');
}
