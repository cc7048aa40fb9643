import { z } from 'zod';

/** ConfigMgr's rule for a variable's name (reference: "Using task sequence variables"). */
export const VariableName = z
  .string()
  .max(256)
  .regex(/^[A-Za-z_][A-Za-z0-9_-]*$/, 'a variable name has letters, digits, _ and -, and starts with a letter or _');

/** A name a sequence may set: names that start with `_` belong to the engine. */
export const WritableVariableName = VariableName.regex(/^[^_]/, 'names that start with _ are read-only');

/** The variables of a running sequence: names without regard to case, values text. An empty value deletes. */
export class Variables {
  readonly #values = new Map<string, { value: string; secret: boolean }>();
  readonly #secrets = new Set<string>();

  get(name: string): string | undefined {
    return this.#values.get(name.toLowerCase())?.value;
  }

  set(name: string, value: string, options: { secret?: boolean } = {}): void {
    const key = name.toLowerCase();
    const secret = options.secret ?? this.#values.get(key)?.secret ?? false;
    if (secret && value !== '') this.#secrets.add(value);
    if (value === '') this.#values.delete(key);
    else this.#values.set(key, { value, secret });
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
