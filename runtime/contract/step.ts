import type { z } from 'zod';

/** What a step can act through: WinPE, the running Windows ("full OS"), or the Linux boot environment. */
export const PLATFORMS = ['winpe', 'windows', 'linux'] as const;
export type PlatformName = (typeof PLATFORMS)[number];

/** ConfigMgr's two places: `winpe` is the boot environment, ours on Linux too; `full-os` is the installed Windows. */
export type Environment = 'winpe' | 'full-os';

export function environmentOf(platform: PlatformName): Environment {
  return platform === 'windows' ? 'full-os' : 'winpe';
}

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
  /** After a power cut in its middle it may simply be run again. */
  repeatable: boolean;
  /**
   * The exit codes of its program that mean success unless the sequence names others. Absent: the step judges its programs
   * itself, and the sequence can only call the code it has failed by a success.
   */
  successCodes?: readonly number[];
  /** It takes the sequence along into the Windows it starts: what makes a disk start happens before that restart. */
  carriesOver?: boolean;
  /** The sequence cannot go on when it has failed: it takes no `continueOnError`. */
  vital?: boolean;
  /** Why its failure stays one whatever exit code it has: it takes no `successCodes` but 0. */
  failsWhatever?: string;
};

/**
 * Why the sequence can call no exit code a success of this step; undefined where it can. A vital or destructive step that
 * stopped half way would be taken for whole by what follows, by conditions too, and what is lost then is lost for good:
 * such a step has failed, and `continueOnError`, where it takes that, says so to whoever asks.
 */
export function whyNoSuccessCodes(
  traits: Pick<StepTraits, 'vital' | 'destructive' | 'failsWhatever'>,
): string | undefined {
  if (traits.vital === true) return 'nothing can follow when this step has failed';
  if (traits.destructive) return 'what it leaves half done on a disk is no success';
  return traits.failsWhatever;
}

type Options<Shape extends z.ZodRawShape> = z.infer<z.ZodObject<Shape>>;

/** What a step takes from the medium: names in media.yaml. */
export type StepNeeds = {
  images?: readonly string[];
  packages?: readonly string[];
  applications?: readonly string[];
  upgradePackages?: readonly string[];
  /** The Windows runtime must be on the medium: the sequence goes on in an installed Windows. */
  windowsRuntime?: boolean;
  /** The Linux boot environment must have drivers of network cards, and an address before the sequence begins. */
  network?: boolean;
};

/** A sentence, or one about a place within the options. */
export type OptionProblem = string | { path: readonly (string | number)[]; message: string };

/** The place within the options, of its step where there is no closer one. */
export function placedProblem(problem: OptionProblem): Exclude<OptionProblem, string> {
  return typeof problem === 'string' ? { path: [], message: problem } : problem;
}

/** What can be told of a step from its options alone. */
export type StepInsight<Shape extends z.ZodRawShape> = {
  /** What it takes from the medium, so that the builder can put it there and say when it is not in the project. */
  needs?: (options: Options<Shape>) => StepNeeds;
  /** Names of the variables it sets; one that ends in `*` stands for all that begin so. */
  sets?: (options: Options<Shape>) => readonly string[];
  /** Where the sequence goes on after it; absent or undefined: where it is. */
  continuesIn?: (options: Options<Shape>) => Environment | undefined;
  /** The sequence whose steps take the place of this one. */
  child?: (options: Options<Shape>) => string | undefined;
  /** Options that ConfigMgr's array variables (`OSDPartitions0Type`) give instead of the sequence. `get` ignores case. */
  fromVariables?: (get: (name: string) => string | undefined) => Partial<Options<Shape>>;
  /** What is wrong between options that are right one by one. */
  problems?: (options: Options<Shape>) => readonly OptionProblem[];
  /** What it removes from a volume that the sequence has not laid out, for who validates the sequence. */
  wipes?: (options: Options<Shape>) => string | undefined;
  /** How often it is run again by itself after a cut in its middle, where it is not `repeatable`. */
  retriesAfterCut?: (options: Options<Shape>) => number;
};

/** The promise of a step: its type, its traits and its options. The deed is in `run.ts` beside it. */
export type StepDefinition<Type extends string = string, Shape extends z.ZodRawShape = z.ZodRawShape> = {
  type: Type;
  traits: StepTraits;
  options: Shape;
} & Required<StepInsight<Shape>>;

/**
 * Declares a step. `options` are zod fields, each described; common fields (name, condition, ...) are added by the
 * sequence. A field with `.meta({ variable: 'OSDComputerName' })` can be overridden by that variable, as in ConfigMgr.
 */
export function defineStep<const Type extends string, Shape extends z.ZodRawShape>(
  type: Type,
  traits: StepTraits,
  options: Shape,
  insight: StepInsight<Shape> = {},
): StepDefinition<Type, Shape> {
  return {
    type,
    traits,
    options,
    needs: insight.needs ?? (() => ({})),
    sets: insight.sets ?? (() => []),
    child: insight.child ?? (() => undefined),
    continuesIn: insight.continuesIn ?? (() => undefined),
    fromVariables: insight.fromVariables ?? (() => ({})),
    problems: insight.problems ?? (() => []),
    wipes: insight.wipes ?? (() => undefined),
    retriesAfterCut: insight.retriesAfterCut ?? (() => 0),
  };
}
