import { z } from 'zod';
import { SECRET } from '../contract/option-fields.ts';
import { type StepDefinition, type StepTraits, whyNoSuccessCodes } from '../contract/step.ts';
import { Title } from '../contract/title.ts';
import { STEP_DEFINITIONS, type StepType } from '../steps/schema.ts';
import { Condition } from './condition.ts';

const COMMON = {
  description: z.string().max(255).optional().describe('For whoever reads the sequence'),
  enabled: z.boolean().default(true).describe('false: as if it were not there'),
  continueOnError: z.boolean().default(false).describe('true: what comes after it runs even when it fails'),
  condition: Condition.optional().describe('It is skipped unless this holds'),
};

/** What every step has and no group. */
const OF_STEPS = {
  runIn: z
    .enum(['winpe', 'full-os', 'any'])
    .default('any')
    .describe('Where it runs; elsewhere it is skipped. winpe: the boot environment, ours on Linux too'),
  timeoutSeconds: z
    .int()
    .min(1)
    .max(7 * 24 * 3600)
    .optional()
    .describe('It is ended and has failed after this time'),
  retry: z
    .strictObject({
      count: z.int().min(1).max(100).describe('How many times more it is tried after it has failed'),
      delaySeconds: z.int().min(0).max(3600).default(15).describe('How long to wait before each'),
    })
    .optional()
    .describe('Tries it again when it fails'),
};

const EXIT_CODE = z
  .int()
  .min(-(2 ** 31))
  .max(2 ** 32 - 1);

const NAME = z.string().min(1).max(100).optional().describe('Shown while it runs; by default the title of its type');

type Fields<Shape extends Record<string, z.ZodType>> = { [Field in keyof Shape]: z.infer<Shape[Field]> };
type Common = Fields<typeof COMMON>;
type OfSteps = Fields<typeof OF_STEPS> & { successCodes?: number[] | undefined };
type OptionsOf<Definition> =
  Definition extends StepDefinition<string, infer Options> ? z.infer<z.ZodObject<Options>> : never;
type DefinitionOf<Type extends StepType> = Extract<(typeof STEP_DEFINITIONS)[number], { type: Type }>;

/** A step's own options, checked and with their defaults. */
export type StepOptions<Type extends StepType> = OptionsOf<DefinitionOf<Type>>;
export type Step<Type extends StepType = StepType> = {
  [T in Type]: { step: T; name?: string | undefined } & Common & OfSteps & StepOptions<T>;
}[Type];

/** Fields a step has besides its options, by its traits. */
export function commonFields({ traits }: Pick<StepDefinition, 'traits'>): z.ZodRawShape {
  return {
    name: NAME,
    ...COMMON,
    ...(traits.vital === true && {
      continueOnError: z.literal(false).default(false).describe('Nothing can follow when this step has failed'),
    }),
    ...OF_STEPS,
    successCodes: successCodes(traits),
  };
}

/**
 * A list of the sequence's author judges the program of a step that runs one for him. What other steps run has results
 * that they know themselves: there a code of the list turns the step's failure into a success.
 */
function successCodes(traits: StepTraits): z.ZodType {
  const why = whyNoSuccessCodes(traits);
  if (why !== undefined) {
    return z
      .array(z.literal(0, { error: `only 0 means success here: ${why}` }))
      .length(1)
      .optional()
      .describe(`0 alone: ${why}`);
  }
  const codes = z.array(EXIT_CODE).min(1);
  if (traits.successCodes === undefined) {
    return codes
      .optional()
      .describe(
        'Exit codes of programs it runs by which it does not fail, besides those that are no failure anyway; 3010 and 1641 among them restart the machine and go on',
      );
  }
  return codes
    .default([...traits.successCodes])
    .describe('Exit codes that mean success; 3010 and 1641 among them restart the machine and go on');
}

const stepSchemas = STEP_DEFINITIONS.map((definition) =>
  z
    .strictObject({
      step: z.literal(definition.type).describe(`${definition.traits.title}: ${definition.traits.summary}`),
      ...commonFields(definition as unknown as StepDefinition),
      ...definition.options,
    })
    .meta({ title: definition.traits.title, description: definition.traits.summary }),
);

/** One step of a sequence, told from the others by `step`. */
export const Step = z.discriminatedUnion(
  'step',
  stepSchemas as unknown as [z.ZodObject<{ step: z.ZodLiteral<StepType> }>],
) as unknown as z.ZodType<Step>;

const schemaOf = new Map(STEP_DEFINITIONS.map(({ type }, index) => [type as StepType, stepSchemas[index]]));

/** The schema of one type of step: what a value given by a variable is held against. */
export function stepSchema(type: StepType): z.ZodObject {
  const schema = schemaOf.get(type);
  if (schema === undefined) throw new Error(`no such step: ${type}`);
  return schema as unknown as z.ZodObject;
}

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

export const SequenceId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'lower-case letters, digits and -')
  .describe('Names the sequence on the medium and on the boot menu');

/** What a medium offers it as: ConfigMgr's deployment settings, which there belong to a deployment. */
const OFFER = {
  startsIn: z
    .enum(['winpe', 'full-os', 'any'])
    .default('winpe')
    .describe('Where it may be started: from the medium, or in the running Windows by mediasmith.exe on the medium'),
  highImpact: z
    .boolean()
    .default(false)
    .describe(
      'true: whoever is there must type a word before it starts, however it was chosen. Not asked on unattended media',
    ),
  purpose: z
    .enum(['available', 'required'])
    .default('available')
    .describe('required: it starts without the menu when it is the only required one of the medium'),
  validFrom: z.iso.date().optional().describe('Not offered before this day (YYYY-MM-DD, by the clock of the machine)'),
  validUntil: z.iso.date().optional().describe('Not offered after this day'),
  rerun: z
    .enum(['never', 'if-failed', 'always'])
    .default('always')
    .describe('Whether it runs again on a disk that remembers an earlier run of it'),
  logFolder: z
    .string()
    .min(1)
    .max(255)
    .optional()
    .describe(
      'A folder, or \\\\server\\share\\folder, that gets logs and result when it has ended; %variables% are replaced',
    ),
  logAccount: z
    .string()
    .min(1)
    .max(255)
    .optional()
    .describe('logFolder on a share: the account for it, DOMAIN\\user; %variables% are replaced'),
  logPassword: z
    .string()
    .max(255)
    .optional()
    .describe('Its password; %variables% are replaced, so that a secret one of the medium or a machine can give it')
    .meta(SECRET),
};

/** A task sequence as a person writes it. */
export const Sequence = z
  .strictObject({
    formatVersion: z.literal(2).describe('The version of this format'),
    id: SequenceId,
    name: Title.describe('Shown in the menu and while it runs'),
    description: z.string().max(255).optional().describe('For whoever reads it'),
    ...OFFER,
    onSuccess: End.default('restart').describe('How the machine is left when every step has ended well'),
    onFailure: End.default('shell').describe('How it is left when a step has failed'),
    steps: z.array(Entry).min(1).describe('Steps and groups, in order'),
  })
  .meta({ title: 'Mediasmith task sequence' });
export type Sequence = z.infer<typeof Sequence>;

export function isGroup(entry: Entry): entry is Group {
  return 'group' in entry;
}

const definitions = new Map<StepType, StepDefinition>(
  STEP_DEFINITIONS.map((definition) => [definition.type, definition as unknown as StepDefinition]),
);

export function definitionOf(step: { step: StepType }): StepDefinition {
  const definition = definitions.get(step.step);
  if (definition === undefined) throw new Error(`no such step: ${step.step}`);
  return definition;
}

/** What to call it: its name, or the title of its type, or the group's name. */
export function titleOf(entry: Entry): string {
  return isGroup(entry) ? entry.group : (entry.name ?? definitionOf(entry).traits.title);
}

/** Every step of a tree, in order, however deep. Disabled ones too. */
export function flattenSteps(entries: readonly Entry[]): Step[] {
  return entries.flatMap((entry) => (isGroup(entry) ? flattenSteps(entry.steps) : [entry]));
}
