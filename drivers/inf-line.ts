/** What a line of an INF says: `key = value, value` or `value, value`. Quotes are gone, %tokens% are still there. */
export type InfFields = {
  key?: string;
  values: string[];
};

/** One physical line as far as it can be read alone. */
export type ScannedLine = {
  /** The line without its comment and, where it goes on in the next one, without the backslash. */
  code: string;
  continues: boolean;
};

/**
 * Takes a comment off a line and sees whether it continues: a semicolon begins a comment unless it is quoted, and a
 * backslash with nothing but a comment behind it continues the line (General Syntax Rules for INF Files).
 */
export function scanLine(line: string): ScannedLine {
  let quoted = false;
  let end = line.length;
  for (let at = 0; at < line.length; at++) {
    if (line[at] === '"') quoted = !quoted;
    else if (line[at] === ';' && !quoted) {
      end = at;
      break;
    }
  }
  const code = line.slice(0, end).trimEnd();
  const continues = code.endsWith('\\') && !quoted;
  return { code: continues ? code.slice(0, -1) : code, continues };
}

/**
 * Splits a line into its fields. A line has a key where an equals sign comes before any comma. Quotes keep spaces, commas
 * and the like; a doubled quote within them stands for one; a quote that is never closed ends with the line.
 */
export function splitFields(code: string): InfFields {
  const fields = new FieldReader();
  let quoted = false;
  for (let at = 0; at < code.length; at++) {
    const character = code.charAt(at);
    if (character === '"') {
      if (quoted && code[at + 1] === '"') {
        fields.quoted('"');
        at++;
      } else {
        quoted = !quoted;
        fields.quoted('');
      }
    } else if (quoted) fields.quoted(character);
    else if (character === ',') fields.endValue();
    else if (character === '=' && fields.mayEndKey()) fields.endKey();
    else fields.plain(character);
  }
  return fields.end();
}

/** Collects the characters of one field after another. Space around what is not quoted does not count. */
class FieldReader {
  #key: string | undefined;
  readonly #values: string[] = [];
  #text = '';
  /** How much of the text must not be trimmed, because it was quoted. */
  #kept = 0;
  #any = false;

  quoted(text: string): void {
    this.#text += text;
    this.#kept = this.#text.length;
    this.#any = true;
  }

  plain(character: string): void {
    if (this.#text === '' && !this.#any && character.trim() === '') return;
    this.#text += character;
    this.#any = true;
  }

  mayEndKey(): boolean {
    return this.#key === undefined && this.#values.length === 0;
  }

  endKey(): void {
    this.#key = this.#take();
  }

  endValue(): void {
    this.#values.push(this.#take());
  }

  end(): InfFields {
    if (this.#any || this.#values.length > 0) this.endValue();
    return { ...(this.#key !== undefined && { key: this.#key }), values: this.#values };
  }

  #take(): string {
    const text = this.#text.slice(0, this.#kept) + this.#text.slice(this.#kept).trimEnd();
    this.#text = '';
    this.#kept = 0;
    this.#any = false;
    return text;
  }
}
