import { closest } from '../closest.ts';
import type { CimProperty, CimType, CimValue, Instance, WqlClass } from './class.ts';
import { ASK_INSTEAD, WQL_CLASSES } from './classes.ts';
import { datetimeOf } from './datetime.ts';
import type { Comparison, Expression, Literal, Query } from './parse.ts';
import { fitsPattern, likePattern } from './pattern.ts';
import type { Name } from './token-reader.ts';
import { WqlError } from './wql-error.ts';

export type Predicate = (instance: Instance) => boolean;

/** A query held against the classes there are. `reads`: the properties its WHERE names. */
export type CompiledQuery = { class: WqlClass; reads: readonly number[]; accepts: Predicate };

/**
 * Finds class and properties without regard to case and brings literals to the type of what they are compared with:
 * - texts compare without regard to case;
 * - a number without quotes against a text compares as numbers where the text is one, else as texts (so
 *   `BuildNumber >= 10240` means what it says; in quotes it compares as text, as in WMI);
 * - NULL equals only NULL, is not equal to everything else, and has no order; NOT turns every result round.
 *
 * @throws WqlError
 */
export function compileWql(query: Query, namespace: string): CompiledQuery {
  const found = classOf(query.className, namespace);
  for (const name of query.properties) propertyOf(found, name);
  const reads = new Set<number>();
  const accepts = query.where === undefined ? () => true : compile(query.where, found, reads);
  return { class: found, reads: [...reads], accepts };
}

function classOf({ text, column }: Name, namespace: string): WqlClass {
  const wanted = normalNamespace(namespace);
  const named = WQL_CLASSES.filter(({ name }) => name.toLowerCase() === text.toLowerCase());
  const found = named.find((one) => one.namespace === wanted);
  if (found !== undefined) return found;
  const elsewhere = named[0];
  if (elsewhere !== undefined) {
    const hint = `Write "namespace: ${elsewhere.namespace}".`;
    throw new WqlError(`${elsewhere.name} is not in the namespace ${namespace}`, column, hint);
  }
  const there = WQL_CLASSES.filter((one) => one.namespace === wanted).map(({ name }) => name);
  const namespaces = [...new Set(WQL_CLASSES.map((one) => one.namespace))];
  if (there.length === 0) {
    const hint = `These are there: ${namespaces.join(', ')}. Vendors' own classes need their own tools: run those in a step.`;
    throw new WqlError(`the inventory has no namespace ${namespace} (for ${text})`, undefined, hint);
  }
  const instead = ASK_INSTEAD.get(text.toLowerCase());
  const near = closest(text, there);
  const ask = instead ?? (near === undefined ? `one of: ${there.join(', ')}` : near);
  const hint = near !== undefined && instead === undefined ? `Did you mean ${near}?` : `Ask ${ask}.`;
  throw new WqlError(`the inventory has no class ${text}`, column, hint);
}

function normalNamespace(namespace: string): string {
  return namespace
    .replaceAll('/', '\\')
    .replace(/^\\\\\.\\/, '')
    .replace(/^\\|\\$/g, '')
    .toLowerCase();
}

function propertyOf(found: WqlClass, { text, column }: Name): number {
  const index = found.properties.findIndex(({ name }) => name.toLowerCase() === text.toLowerCase());
  if (index >= 0) return index;
  const names = found.properties.map(({ name }) => name);
  const near = closest(text, names);
  const hint = near === undefined ? `These are there: ${names.join(', ')}.` : `Did you mean ${near}?`;
  throw new WqlError(`the inventory has no property ${text} of ${found.name}`, column, hint);
}

function compile(expression: Expression, found: WqlClass, reads: Set<number>): Predicate {
  if (expression.kind === 'and' || expression.kind === 'or') {
    const parts = expression.parts.map((part) => compile(part, found, reads));
    if (expression.kind === 'and') return (instance) => parts.every((part) => part(instance));
    return (instance) => parts.some((part) => part(instance));
  }
  if (expression.kind === 'not') {
    const part = compile(expression.part, found, reads);
    return (instance) => !part(instance);
  }
  const index = propertyOf(found, expression.property);
  reads.add(index);
  const property = found.properties[index] as CimProperty;
  const read = (instance: Instance) => knownValue(instance(index), found, property);
  if (expression.kind === 'null') return (instance) => read(instance) === null;
  if (property.type.endsWith('[]')) throw arrayCompared(found, property, expression.property.column);
  if (expression.kind === 'compare') {
    const order = orderWith(property, expression.literal);
    const { operator } = expression;
    return (instance) => {
      const value = read(instance);
      return value === null ? operator === '<>' : satisfies(operator, order(value));
    };
  }
  const pattern = likePattern(expression.pattern);
  return (instance) => {
    const value = read(instance);
    return value !== null && fitsPattern(String(value), pattern);
  };
}

function arrayCompared(found: WqlClass, { name }: CimProperty, column: number): WqlError {
  return new WqlError(`${found.name}.${name} is an array, and WQL cannot compare one`, column, found.note);
}

function knownValue(value: CimValue, found: WqlClass, { name }: CimProperty): Exclude<CimValue, undefined> {
  if (value !== undefined) return value;
  const hint = 'Ask for something else, or put a condition beside it that decides without it.';
  throw new WqlError(`${found.name}.${name} is not known of this machine`, undefined, hint);
}

/** Less than 0, 0 or more than 0, as the value stands to the literal. */
type Order = (value: Exclude<CimValue, null | undefined>) => number;

function orderWith(property: CimProperty, literal: Literal): Order {
  if (property.type === 'string') return textOrder(property, literal);
  const wanted = numberFor(property.type, literal.value);
  if (wanted === undefined) {
    const kind = property.type === 'boolean' ? 'TRUE or FALSE' : property.type === 'datetime' ? 'a date' : 'a number';
    throw new WqlError(`${property.name} is ${kind}, and ${shown(literal.value)} is not`, literal.column);
  }
  if (property.type === 'datetime') return (value) => (datetimeOf(String(value)) ?? Number.NaN) - wanted;
  return (value) => Number(value) - wanted;
}

function textOrder(property: CimProperty, { value: wanted, column }: Literal): Order {
  if (typeof wanted === 'boolean')
    throw new WqlError(`${property.name} is a text, and ${shown(wanted)} is not`, column);
  const text = String(wanted).toLowerCase();
  return (value) => {
    const actual = String(value).toLowerCase();
    if (typeof wanted === 'number' && actual.trim() !== '' && !Number.isNaN(Number(actual)))
      return Number(actual) - wanted;
    return actual === text ? 0 : actual < text ? -1 : 1;
  };
}

function numberFor(type: CimType, value: string | number | boolean): number | undefined {
  if (type === 'datetime') return typeof value === 'string' ? datetimeOf(value.trim()) : undefined;
  if (typeof value === 'boolean') return Number(value);
  if (typeof value === 'string' && /^(true|false)$/i.test(value)) return Number(value.toLowerCase() === 'true');
  const number = typeof value === 'string' && value.trim() === '' ? Number.NaN : Number(value);
  if (Number.isNaN(number)) return undefined;
  return type === 'boolean' ? Number(number !== 0) : number;
}

function shown(value: string | number | boolean): string {
  return typeof value === 'string' ? `'${value}'` : String(value).toUpperCase();
}

function satisfies(operator: Comparison, order: number): boolean {
  if (operator === '=') return order === 0;
  if (operator === '<>') return order !== 0;
  if (operator === '<') return order < 0;
  if (operator === '<=') return order <= 0;
  if (operator === '>') return order > 0;
  return order >= 0;
}
