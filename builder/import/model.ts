/** A task sequence as ConfigMgr and MDT write it, before anything of ours is made of it. */
export type SourceSequence = {
  /** ConfigMgr's package id, where the file has one. */
  id?: string;
  name: string;
  description: string;
  variables: readonly SourceVariable[];
  entries: readonly SourceEntry[];
};

export type SourceEntry = SourceGroup | SourceStep;

type SourceCommon = {
  name: string;
  description: string;
  disabled: boolean;
  continueOnError: boolean;
  condition?: SourceCondition;
  line: number;
};

export type SourceGroup = SourceCommon & { kind: 'group'; entries: readonly SourceEntry[] };

export type SourceStep = SourceCommon & {
  kind: 'step';
  /** `SMS_TaskSequence_...`, `BDD_...`, or empty: a plain command of MDT. */
  type: string;
  /** The command line. It repeats what the variables say, which count where both are there. */
  action: string;
  runIn: string;
  successCodes: string;
  startIn: string;
  timeoutSeconds: number;
  retryCount: number;
  variables: readonly SourceVariable[];
};

/** `property` is the name in the class of the step, `name` that of the variable which holds it while the step runs. */
export type SourceVariable = { name: string; property: string; value: string };

export type SourceCondition =
  | { kind: 'and' | 'or' | 'not'; operands: readonly SourceCondition[] }
  | { kind: 'expression'; type: string; fields: ReadonlyMap<string, string> };

/** Names of what sequences refer to, by id: packages, images, applications. */
export type ContentNames = ReadonlyMap<string, string>;

/** What one file holds. */
export type SourceFile = { sequences: readonly SourceSequence[]; names: ContentNames };

/** The value of a variable by its own or its property's name, without regard to case; empty when it is not there. */
export function textOf(variables: readonly SourceVariable[], name: string): string {
  const wanted = name.toLowerCase();
  const byName = variables.find((variable) => variable.name.toLowerCase() === wanted);
  const found = byName ?? variables.find((variable) => variable.property.toLowerCase() === wanted);
  return found?.value.trim() ?? '';
}

/** How many steps there are, groups not counted. */
export function countSteps(entries: readonly SourceEntry[]): number {
  return entries.reduce((sum, entry) => sum + (entry.kind === 'group' ? countSteps(entry.entries) : 1), 0);
}
