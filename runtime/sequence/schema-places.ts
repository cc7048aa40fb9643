import type { z } from 'zod';

export type Path = readonly PropertyKey[];

type Node = z.core.$ZodType;
type Definition = Record<string, unknown> & { type: string };

/**
 * The schemas that may stand at a place of a document, each as it is wrapped there. Of a choice between objects only
 * those are followed whose fixed words (`step: set-variable`) are the ones written; all of them where none fits.
 */
export function schemasAt(schema: z.ZodType, path: Path, input: unknown): Node[] {
  let nodes: { node: Node; value: unknown }[] = [{ node: schema, value: input }];
  for (const part of path) {
    nodes = nodes.flatMap(({ node, value }) => {
      const within = (value as Record<PropertyKey, unknown> | null | undefined)?.[part];
      return unwrapped(node, value).flatMap((inner) =>
        childOf(inner, part).map((child) => ({ node: child, value: within })),
      );
    });
  }
  return nodes.map(({ node }) => node);
}

/** The keys an object may have at a place; none where no object belongs. */
export function keysAt(schema: z.ZodType, path: Path, input: unknown): string[] {
  const value = path.reduce((whole, part) => (whole as Record<PropertyKey, unknown> | null | undefined)?.[part], input);
  const shapes = schemasAt(schema, path, input)
    .flatMap((node) => unwrapped(node, value))
    .map(shapeOf);
  return [...new Set(shapes.flatMap((shape) => Object.keys(shape ?? {})))];
}

/** The keys an object must have at the top of a document. */
export function requiredKeys(schema: z.ZodType): string[] {
  const shapes = unwrapped(schema, undefined).map(shapeOf);
  return [
    ...new Set(
      shapes.flatMap((shape) =>
        Object.entries(shape ?? {}).flatMap(([key, node]) => (node._zod.optin === undefined ? [key] : [])),
      ),
    ),
  ];
}

/** What the schemas at a place say of themselves, of the first that says anything. */
export function descriptionAt(schema: z.ZodType, path: Path, input: unknown): string | undefined {
  return schemasAt(schema, path, input)
    .map(descriptionOf)
    .find((text) => text !== undefined);
}

function descriptionOf(node: Node): string | undefined {
  const own = (node as z.ZodType).description;
  const inner = definitionOf(node).innerType as Node | undefined;
  return own ?? (inner === undefined ? undefined : descriptionOf(inner));
}

function definitionOf(node: Node): Definition {
  return node._zod.def as unknown as Definition;
}

/** A schema without what only wraps it. */
function unwrapped(node: Node, value: unknown): Node[] {
  const definition = definitionOf(node);
  const { innerType, getter, options } = definition;
  if (innerType !== undefined) return unwrapped(innerType as Node, value);
  if (definition.type === 'lazy') return unwrapped((getter as () => Node)(), value);
  if (definition.type === 'pipe')
    return [definition.in, definition.out].flatMap((one) => unwrapped(one as Node, value));
  if (definition.type === 'intersection')
    return [definition.left, definition.right].flatMap((one) => unwrapped(one as Node, value));
  if (!Array.isArray(options)) return [node];
  const members = options.flatMap((option: Node) => unwrapped(option, value));
  const meant = members.filter((member) => hasItsWords(member, value));
  const named = meant.filter((member) => wordsOf(member).length > 0);
  return [named, meant, members].find((some) => some.length > 0) ?? [];
}

function hasItsWords(node: Node, value: unknown): boolean {
  if (shapeOf(node) === undefined || typeof value !== 'object' || value === null) return false;
  return wordsOf(node).every(([key, values]) => values.has((value as never)[key]));
}

/** The keys of an object that can only have certain words, with those words. */
function wordsOf(node: Node): [key: string, words: ReadonlySet<unknown>][] {
  return Object.entries(shapeOf(node) ?? {}).flatMap(([key, field]) => {
    const { values } = field._zod;
    return values === undefined || definitionOf(field).type !== 'literal' ? [] : [[key, values]];
  });
}

function shapeOf(node: Node): Record<string, Node> | undefined {
  const { type, shape } = definitionOf(node);
  return type === 'object' ? (shape as Record<string, Node>) : undefined;
}

function childOf(node: Node, part: PropertyKey): Node[] {
  const { type, element, valueType, items } = definitionOf(node);
  const child =
    shapeOf(node)?.[String(part)] ??
    (type === 'array' ? element : undefined) ??
    (type === 'record' ? valueType : undefined) ??
    (type === 'tuple' ? (items as Node[])[Number(part)] : undefined);
  return child === undefined ? [] : [child as Node];
}
