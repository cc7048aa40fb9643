import { isSwitch } from '../import/secrets.ts';

/** A secret of an export: what it is, the variable that takes its place, and where it was found. */
export type Secret = { value: string; variable: string; step: string; field: string };

/** Nothing tells a shorter one from any word or number. */
const SHORTEST = 4;
/** A shorter one is looked for as a word of its own. */
const SHORTEST_INSIDE = 6;

/** Finds the secrets of an export in texts, in the forms in which texts hold them. */
export class SecretSearch {
  readonly #owners = new Map<string, Secret>();
  readonly #renamed = new Map<string, string>();
  readonly #pattern: RegExp;

  constructor(secrets: readonly Secret[]) {
    for (const secret of secrets) {
      for (const form of secret.value.split(/\r?\n/).flatMap(formsOf)) {
        if (form.length >= SHORTEST && !isSwitch(form) && !this.#owners.has(form)) this.#owners.set(form, secret);
      }
    }
    const forms = [...this.#owners.keys()].sort((a, b) => b.length - a.length);
    const alone = (form: string) => `(?<![\\p{L}\\p{N}_])${literally(form)}(?![\\p{L}\\p{N}_])`;
    const parts = forms.map((form) => (form.length < SHORTEST_INSIDE ? alone(form) : literally(form)));
    this.#pattern = new RegExp(parts.length === 0 ? '(?!)' : parts.join('|'), 'gu');
  }

  /** There is nothing to look for. */
  get isEmpty(): boolean {
    return this.#owners.size === 0;
  }

  /** The first secret in a text. */
  find(text: string): Secret | undefined {
    const [found] = text.match(this.#pattern) ?? [];
    return found === undefined ? undefined : this.#owners.get(found);
  }

  /** How many times a text holds one. */
  count(text: string): number {
    return text.match(this.#pattern)?.length ?? 0;
  }

  /** The text with `%variables%` in their place. */
  replace(text: string): string {
    return text.replace(this.#pattern, (found) => `%${this.variableFor(this.#owners.get(found)?.variable ?? '')}%`);
  }

  /** A variable by its own name, unless that would tell a secret. */
  variableFor(name: string): string {
    if (this.find(name) === undefined) return name;
    const known = this.#renamed.get(name);
    const variable = known ?? `Blank-${this.#renamed.size + 1}`;
    this.#renamed.set(name, variable);
    return variable;
  }
}

/** A secret as it is, as base64, alone or in the midst of other text, in an address, in XML and in JSON. */
function formsOf(value: string): string[] {
  const text = value.trim();
  if (text.length < SHORTEST_INSIDE) return [text];
  const base64 = (['utf8', 'utf16le'] as const).flatMap((encoding) => base64FormsOf(Buffer.from(text, encoding)));
  const xml = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
  return [text, ...base64, encodeAddress(text), xml, JSON.stringify(text).slice(1, -1)];
}

/** As it is alone, and what is the same wherever it begins: one character stands for six bits, of three bytes in turn. */
function base64FormsOf(bytes: Buffer): string[] {
  const inside = [0, 1, 2].map((before) => {
    const whole = Math.floor(((before + bytes.length) * 8) / 6);
    return Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .slice(Math.ceil((before * 8) / 6), whole);
  });
  return [bytes.toString('base64'), ...inside];
}

function encodeAddress(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
