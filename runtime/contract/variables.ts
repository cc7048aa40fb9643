import { z } from 'zod';
import { MediasmithError } from './errors.ts';

/** ConfigMgr's rule for a variable's name (reference: "Using task sequence variables"). */
export const VariableName = z
  .string()
  .max(256)
  .regex(/^[A-Za-z_][A-Za-z0-9_-]*$/, 'a variable name has letters, digits, _ and -, and starts with a letter or _');

/** A name a sequence may set: names that start with `_` belong to the engine. */
export const WritableVariableName = VariableName.regex(/^[^_]/, 'names that start with _ are read-only');

/** ConfigMgr's limit for the environment of a sequence, all names and values together (reference: "Using variables"). */
const MOST_CHARACTERS = 32 * 1024 ** 2;

export type Variable = { name: string; value: string; secret: boolean };

/** The variables of a running sequence: names without regard to case, values text. An empty value deletes. */
export class Variables {
  readonly #values = new Map<string, Variable>();
  readonly #secrets = new Set<string>();
  #characters = 0;
  /** Told of every change after it was made; an empty value is a deletion. */
  onChange: ((change: Variable) => void) | undefined;

  get(name: string): string | undefined {
    return this.#values.get(name.toLowerCase())?.value;
  }

  isSecret(name: string): boolean {
    return this.#values.get(name.toLowerCase())?.secret ?? false;
  }

  /** Once secret, a variable stays so. Throws `STEP_FAILED` when there is no room for more; for the engine's own there is. */
  set(name: string, value: string, options: { secret?: boolean } = {}): void {
    const key = name.toLowerCase();
    const before = this.#values.get(key);
    const secret = options.secret === true || (before?.secret ?? false);
    if (before?.value === value && before.secret === secret) return;
    const grown = this.#characters + value.length - (before?.value.length ?? 0);
    if (grown > MOST_CHARACTERS && !name.startsWith('_')) {
      throw new MediasmithError('STEP_FAILED', `the variables would hold more than ${MOST_CHARACTERS} characters`, {
        where: name,
      });
    }
    this.#characters = grown;
    if (secret && value !== '') this.#secrets.add(value);
    if (value === '') this.#values.delete(key);
    else this.#values.set(key, { name: before?.name ?? name, value, secret });
    this.onChange?.({ name, value, secret });
  }

  /** Every variable that is set, in the order in which they first were. */
  list(): Variable[] {
    return [...this.#values.values()];
  }

  /** A text that must not be shown anywhere from now on, though no variable has it. */
  keepSecret(text: string): void {
    if (text !== '') this.#secrets.add(text);
  }

  /** Values that must not be shown anywhere, also those a variable no longer has. */
  secrets(): string[] {
    return [...this.#secrets];
  }
}

/** Replaces `%name%` by the variable's value. An unset name stays as it stands, as in ConfigMgr. */
export function expandText(text: string, variables: Variables): string {
  return text.replace(/%([A-Za-z_][A-Za-z0-9_-]*)%/g, (literal, name: string) => variables.get(name) ?? literal);
}

/** {@link expandText} on every text inside a value of plain data. */
export function expandDeep<T>(value: T, variables: Variables): T {
  if (typeof value === 'string') return expandText(value, variables) as T;
  if (Array.isArray(value)) return value.map((item) => expandDeep(item, variables)) as T;
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, expandDeep(item, variables)])) as T;
  }
  return value;
}
