import type { z } from 'zod';

/** What a step can act through. */
export const PLATFORMS = ['winpe', 'windows', 'linux', 'simulated'] as const;
export type PlatformName = (typeof PLATFORMS)[number];

/** What the engine, the builder and the documentation ask of a step instead of asking for its name. */
export type StepTraits = {
  /** ConfigMgr's name for it: "Format and Partition Disk". */
  title: string;
  /** One sentence for the reference. */
  summary: string;
  runsOn: readonly PlatformName[];
  /** It destroys what is on a disk: nothing may run it before the medium is verified. */
  destructive: boolean;
  /** The machine restarts after it. */
  reboots: boolean;
};

/** The promise of a step: its type, its traits and its options. The deed is in `run.ts` beside it. */
export type StepDefinition<Type extends string = string, Options extends z.ZodRawShape = z.ZodRawShape> = {
  type: Type;
  traits: StepTraits;
  options: Options;
  /** What the step takes from the medium, so that the builder can put it there and say when it is not in the project. */
  needs: (options: z.infer<z.ZodObject<Options>>) => StepNeeds;
};

export type StepNeeds = { images?: readonly string[]; packages?: readonly string[] };

/** Declares a step. `options` are zod fields, each described; common fields (name, condition, ...) are added by the sequence. */
export function defineStep<const Type extends string, Options extends z.ZodRawShape>(
  type: Type,
  traits: StepTraits,
  options: Options,
  needs: (options: z.infer<z.ZodObject<Options>>) => StepNeeds = () => ({}),
): StepDefinition<Type, Options> {
  return { type, traits, options, needs };
}
