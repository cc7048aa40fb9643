import { z } from 'zod';

/** An option that its schema calls secret: where it stands, what it is, and the variable that may take its place. */
export type SecretOption = { at: PropertyKey[]; value: unknown; variable: string };

/** Options whose schema says that they are secret, however deep. */
export function secretOptions(schema: z.ZodType, value: unknown, at: PropertyKey[] = []): SecretOption[] {
  if (value === undefined || value === null) return [];
  const { secret, variable = `Secret-${at.map(String).join('-')}` } = (schema.meta() ?? {}) as Meta;
  if (secret === true) return [{ at, value, variable }];
  const inner = unwrap(schema);
  if (inner instanceof z.ZodObject && typeof value === 'object')
    return Object.entries(inner.shape as Record<string, z.ZodType>).flatMap(([key, field]) =>
      secretOptions(field, (value as Record<string, unknown>)[key], [...at, key]),
    );
  if (inner instanceof z.ZodArray && Array.isArray(value))
    return value.flatMap((item, index) => secretOptions(inner.element as z.ZodType, item, [...at, index]));
  if (inner instanceof z.ZodUnion)
    return (inner.options as z.ZodType[])
      .filter((option) => option.safeParse(value).success)
      .slice(0, 1)
      .flatMap((option) => secretOptions(option, value, at));
  return [];
}

type Meta = { secret?: boolean; variable?: string };

function unwrap(schema: z.ZodType): z.ZodType {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodNullable
    ? unwrap(schema.unwrap() as z.ZodType)
    : schema;
}
