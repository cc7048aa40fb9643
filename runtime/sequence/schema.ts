import { z } from 'zod';
import type { StepDefinition } from '../contract/step.ts';
import { Title } from '../contract/title.ts';
import { STEP_DEFINITIONS, type StepType } from '../steps/schema.ts';
import { Condition } from './condition.ts';

const COMMON = {
  description: z.string().max(255).optional().describe('For whoever reads the sequence'),
  enabled: z.boolean().default(true).describe('false: as if it were not there'),
  continueOnError: z.boolean().default(false).describe('true: what comes after it runs even when it fails'),
  condition: Condition.optional().describe('It is skipped unless this holds'),
};

const NAME = z.string().min(1).max(100).optional().describe('Shown while it runs; by default the title of its type');

type Common = { [Field in keyof typeof COMMON]: z.infer<(typeof COMMON)[Field]> };
type OptionsOf<Definition> =
  Definition extends StepDefinition<string, infer Options> ? z.infer<z.ZodObject<Options>> : never;
type DefinitionOf<Type extends StepType> = Extract<(typeof STEP_DEFINITIONS)[number], { type: Type }>;

/** A step's own options, checked and with their defaults. */
export type StepOptions<Type extends StepType> = OptionsOf<DefinitionOf<Type>>;
export type Step<Type extends StepType = StepType> = {
  [T in Type]: { step: T; name?: string | undefined } & Common & StepOptions<T>;
}[Type];

const stepSchemas = STEP_DEFINITIONS.map(({ type, traits, options }) =>
  z
    .strictObject({
      step: z.literal(type).describe(`${traits.title}: ${traits.summary}`),
      name: NAME,
      ...COMMON,
      ...options,
    })
    .meta({ title: traits.title, description: traits.summary }),
);

/** One step of a sequence, told from the others by `step`. */
export const Step = z.discriminatedUnion(
  'step',
  stepSchemas as unknown as [z.ZodObject<{ step: z.ZodLiteral<StepType> }>],
) as unknown as z.ZodType<Step>;

/** Steps that share a condition and a fate: when one fails, the rest of its group is skipped. */
export type Group = Common & { group: string; steps: Entry[] };
export type Entry = Step | Group;

export const Group: z.ZodType<Group> = z.lazy(() =>
  z.strictObject({
    group: z.string().min(1).max(100).describe('The name of the group'),
    ...COMMON,
    steps: z.array(Entry).describe('What it holds: steps and groups'),
  }),
) as unknown as z.ZodType<Group>;

export const Entry: z.ZodType<Entry> = z.lazy(() => z.union([Step, Group]));

const End = z.enum(['restart', 'shutdown', 'shell']);

/** A task sequence as a person writes it. */
export const Sequence = z
  .strictObject({
    formatVersion: z.literal(1).describe('The version of this format'),
    id: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'lower-case letters, digits and -')
      .describe('Names the sequence on the medium and on the boot menu'),
    name: Title.describe('Shown in the menu and while it runs'),
    description: z.string().max(255).optional().describe('For whoever reads it'),
    onSuccess: End.default('restart').describe('How the machine is left when every step has ended well'),
    onFailure: End.default('shell').describe('How it is left when a step has failed'),
    steps: z.array(Entry).min(1).describe('Steps and groups, in order'),
  })
  .meta({ title: 'Mediasmith task sequence' });
export type Sequence = z.infer<typeof Sequence>;

export function isGroup(entry: Entry): entry is Group {
  return 'group' in entry;
}

export function definitionOf(step: { step: StepType }): StepDefinition {
  const definition = STEP_DEFINITIONS.find(({ type }) => type === step.step);
  if (definition === undefined) throw new Error(`no such step: ${step.step}`);
  return definition as unknown as StepDefinition;
}

/** What to call it: its name, or the title of its type, or the group's name. */
export function titleOf(entry: Entry): string {
  return isGroup(entry) ? entry.group : (entry.name ?? definitionOf(entry).traits.title);
}

/** Every step of a tree, in order, however deep. Disabled ones too. */
export function flattenSteps(entries: readonly Entry[]): Step[] {
  return entries.flatMap((entry) => (isGroup(entry) ? flattenSteps(entry.steps) : [entry]));
}
