import { printable } from '../printable.ts';

/** Markup that came out of {@link html}, and nothing else: no text of a medium can pretend to be it. */
class Markup {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  static textOf(markup: Markup): string {
    return markup.#text;
  }
}

export type { Markup };

type Value = Markup | string | number | readonly (Markup | string | number)[];

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A piece of HTML. Everything put into it is escaped, for text and for quoted attributes, but other such pieces. */
export function html(pieces: TemplateStringsArray, ...values: readonly Value[]): Markup {
  return new Markup(String.raw({ raw: pieces }, ...values.map(escaped)));
}

/** A text of a medium: in a direction of its own, so that what is around it keeps its place. */
export function foreign(text: string): Markup {
  return html`<bdi>${text}</bdi>`;
}

/** The finished text. */
export function textOf(markup: Markup): string {
  return Markup.textOf(markup);
}

function escaped(value: Value): string {
  if (typeof value === 'object' && !(value instanceof Markup)) return value.map(escaped).join('');
  if (value instanceof Markup) return textOf(value);
  return printable(String(value)).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
