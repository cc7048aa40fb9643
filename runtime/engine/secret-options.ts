import type { z } from 'zod';

/** The texts in a value that its schema marks as secret (`meta({ secret: true })`), however deep. */
export function secretTexts(schema: z.ZodType, value: unknown): string[] {
  if (value === undefined || value === null || !marksSecrets(schema)) return [];
  if (schema.meta()?.secret === true && typeof value === 'string') return [value];
  return partsOf(schema, value).flatMap(([part, inner]) => secretTexts(part, inner));
}

const known = new WeakMap<z.ZodType, boolean>();

/** Most schemas hold no secret at all, and their values need not be looked into. */
function marksSecrets(schema: z.ZodType): boolean {
  const before = known.get(schema);
  if (before !== undefined) return before;
  // For the time of the search, so that a schema that holds itself is not searched for ever.
  known.set(schema, false);
  const marks = schema.meta()?.secret === true || schemasIn(schema).some(marksSecrets);
  known.set(schema, marks);
  return marks;
}

type Definition = {
  type: string;
  shape?: Record<string, z.ZodType>;
  innerType?: z.ZodType;
  element?: z.ZodType;
  options?: readonly z.ZodType[];
  valueType?: z.ZodType;
  in?: z.ZodType;
  out?: z.ZodType;
};

function definitionOf(schema: z.ZodType): Definition {
  return schema._zod.def as unknown as Definition;
}

function schemasIn(schema: z.ZodType): z.ZodType[] {
  const { shape, innerType, element, options, valueType, in: input, out } = definitionOf(schema);
  const single = [innerType, element, valueType, input, out].filter((part) => part !== undefined);
  return [...Object.values(shape ?? {}), ...(options ?? []), ...single];
}

function partsOf(schema: z.ZodType, value: unknown): [z.ZodType, unknown][] {
  const { shape, element, valueType } = definitionOf(schema);
  if (element !== undefined) return Array.isArray(value) ? value.map((item) => [element, item]) : [];
  if (shape === undefined && valueType === undefined) return schemasIn(schema).map((part) => [part, value]);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]): [z.ZodType, unknown][] => {
    const part = shape?.[key] ?? valueType;
    return part === undefined ? [] : [[part, item]];
  });
}
