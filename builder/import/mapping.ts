import type { SourceEntry, SourceStep } from './model.ts';

/** A step of ours as it is written: its type and its own options. What all steps have is added to it. */
export type PlainStep = { step: string } & Readonly<Record<string, unknown>>;

/** What is written of a step or a group, key by key. */
export type PlainFields = Readonly<Record<string, unknown>>;

/** What becomes of a step: one or more of ours, or nothing for a reason. */
export type Mapped = PlainStep | readonly PlainStep[] | LeftOut;
export type LeftOut = { leftOut: string };

/** The kinds of content a sequence refers to. */
export type ContentKind =
  | 'package'
  | 'driver-package'
  | 'image'
  | 'upgrade-package'
  | 'application'
  | 'sequence'
  | 'update';

/** What a mapper says besides its result. */
export type Notes = {
  /** Something is not as it was; a sentence without its full stop. */
  changed: (what: string) => void;
  /** Content the step needs: returns what to call it. `known` is its name where the step has one. */
  supply: (kind: ContentKind, id: string, known?: string) => string;
  /** A secret of the step: returns the `%variable%` that stands in its place. */
  password: (field: string, variable: string) => string;
};

export type StepMapper = (step: SourceStep, notes: Notes, place: Place) => Mapped;

/** Where a step stands. */
export type Place = {
  /** MDT's phase that the groups around it ask for, in capitals. */
  phase: string | undefined;
  /** Every phase that any group of the sequence asks for. */
  phases: ReadonlySet<string>;
  /** What stands before it in its group. */
  before: readonly SourceEntry[];
  /** The volumes that the first layout of the sequence makes, as options of the step name them. */
  volumes: readonly Volume[];
  /** The sequence may come to its image without a layout: a Windows that is there is replaced. */
  keepsDisk: boolean;
};

/** A volume of a layout: its number on the disk, and what later steps call it by. */
export type Volume = { partition: number; reference: string | undefined; windows: boolean };

export function leftOut(reason: string): LeftOut {
  return { leftOut: reason };
}

export function isLeftOut(mapped: Mapped): mapped is LeftOut {
  return 'leftOut' in mapped;
}

/** An option that is there only when it says something. */
export function optional<Key extends string>(key: Key, value: unknown): Record<string, unknown> {
  return value === undefined || value === '' ? {} : { [key]: value };
}

/** Text of a boolean, in any of the spellings that are found. */
export function flag(text: string): boolean {
  return /^(true|yes|1)$/i.test(text.trim());
}

/** A whole number, or undefined for anything else. */
export function whole(text: string): number | undefined {
  return /^-?\d{1,10}$/.test(text.trim()) ? Number(text) : undefined;
}
