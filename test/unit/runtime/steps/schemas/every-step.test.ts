import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { StepDefinition } from '../../../../../runtime/contract/step.ts';
import { commonFields } from '../../../../../runtime/sequence/schema.ts';
import { definitionOf, definitions } from './definitions.ts';

type Meta = { description?: string | undefined; variable?: string; secret?: boolean };
const metaOf = (field: unknown): Meta => (field as z.ZodType).meta() ?? {};

describe('every step', () => {
  it('has a type, a title and a summary of its own', () => {
    for (const of of [(one: StepDefinition) => one.type, (one: StepDefinition) => one.traits.title]) {
      expect(new Set(definitions.map(of)).size).toBe(definitions.length);
    }
    for (const { type, traits } of definitions) {
      expect(type).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(traits.summary).toMatch(/^[A-Z].*\.$/);
      expect(traits.runsOn.length).toBeGreaterThan(0);
    }
  });

  it.each(definitions)('$type describes each of its options, at any depth', ({ options }) => {
    for (const [name, field] of Object.entries(options))
      expect([name, metaOf(field).description]).toEqual([name, text()]);
    expect(undescribed(z.toJSONSchema(z.strictObject(options), { io: 'input' }) as JsonSchema, '')).toEqual([]);
  });

  it.each(definitions)('$type has no option by a name that all steps have', (definition) => {
    const common = { successCodes: 0, ...commonFields(definition), step: 0 };
    expect(Object.keys(definition.options).filter((name) => name in common)).toEqual([]);
  });

  it.each(definitions)('$type names an overriding variable once, and none of the engine', ({ options }) => {
    const names = Object.values(options).flatMap((field) => metaOf(field).variable ?? []);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[A-Za-z][A-Za-z0-9]*$/);
  });

  it('that hides a value marks it', () => {
    const secret = /password|pin$|key$/i;
    const marked = definitions.flatMap(({ type, options }) =>
      Object.entries(options)
        .filter(([name]) => secret.test(name) && name !== 'recoveryKey')
        .map(([name, field]) => [`${type}.${name}`, metaOf(field).secret]),
    );
    expect(marked.length).toBeGreaterThan(10);
    expect(marked.filter(([, isMarked]) => isMarked !== true)).toEqual([]);
  });

  it('keeps description and variable of an option together', () => {
    const { computerName } = definitionOf('apply-windows-settings').options;
    expect(metaOf(computerName)).toEqual({
      description: 'The name of the computer; * lets Windows choose one',
      variable: 'OSDComputerName',
    });
  });
});

const text = (): string => expect.stringMatching(/^[A-Za-z*'`].{3,}$/) as string;

type JsonSchema = { description?: string; properties?: Record<string, JsonSchema>; items?: JsonSchema } & {
  anyOf?: JsonSchema[];
};

function undescribed(schema: JsonSchema, path: string): string[] {
  const own = Object.entries(schema.properties ?? {}).flatMap(([name, field]) => [
    ...(field.description === undefined ? [`${path}/${name}`] : []),
    ...undescribed(field, `${path}/${name}`),
  ]);
  const inner = [...(schema.anyOf ?? []), ...(schema.items === undefined ? [] : [schema.items])];
  return [...own, ...inner.flatMap((one) => undescribed(one, path))];
}
