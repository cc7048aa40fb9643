import { z } from 'zod';
import { closest } from '../closest.ts';
import { FileCondition, FolderCondition } from './file.ts';
import { OperatingSystemCondition, OsLanguageCondition } from './operating-system.ts';
import { RegistryCondition } from './registry.ts';
import { SoftwareCondition } from './software.ts';
import { VariableCondition } from './variable.ts';
import { WqlCondition } from './wql.ts';

/** One question to the machine. */
export type LeafCondition =
  | VariableCondition
  | FileCondition
  | FolderCondition
  | RegistryCondition
  | OperatingSystemCondition
  | OsLanguageCondition
  | SoftwareCondition
  | WqlCondition;

/** When a step or a group runs. Several conditions stand in `all`, `any` or `none`, which may be nested. */
export type Condition = LeafCondition | { all: Condition[] } | { any: Condition[] } | { none: Condition[] };

/** How deep `all`, `any` and `none` may stand in each other. */
export const CONDITION_DEPTH = 64;

/** The schema of each kind of question, by the key it is known by. */
export const LEAF_CONDITIONS = {
  variable: VariableCondition,
  file: FileCondition,
  folder: FolderCondition,
  registry: RegistryCondition,
  operatingSystem: OperatingSystemCondition,
  osLanguage: OsLanguageCondition,
  software: SoftwareCondition,
  wql: WqlCondition,
} as const;

const KINDS: readonly string[] = ['all', 'any', 'none', ...Object.keys(LEAF_CONDITIONS)];

const Nested: z.ZodType<Condition> = z.lazy(() => z.preprocess(checkKind, AnyCondition));

const AnyCondition = z.union([
  VariableCondition,
  z.strictObject({ all: z.array(Nested).min(1).describe('True when every one is') }),
  z.strictObject({ any: z.array(Nested).min(1).describe('True when at least one is') }),
  z.strictObject({ none: z.array(Nested).min(1).describe('True when not one is') }),
  FileCondition,
  FolderCondition,
  RegistryCondition,
  OperatingSystemCondition,
  OsLanguageCondition,
  SoftwareCondition,
  WqlCondition,
]) as unknown as z.ZodType<Condition>;

/** The depth is looked at first, without recursion: what is too deep would be too deep for the schema as well. */
export const Condition: z.ZodType<Condition> = z.preprocess((input, context) => {
  if (isTooDeep(input)) {
    context.addIssue({ code: 'custom', message: `conditions stand in each other more than ${CONDITION_DEPTH} deep` });
    return z.NEVER;
  }
  return input;
}, Nested);

function isTooDeep(input: unknown): boolean {
  let level = [input].filter(isRecord);
  for (let depth = 0; depth <= CONDITION_DEPTH && level.length > 0; depth++) {
    level = level.flatMap((one) => Object.values(one).filter(Array.isArray).flat()).filter(isRecord);
  }
  return level.length > 0;
}

/** A union of schemas would name whatever word is missing from the first of them: here it is told what was meant. */
function checkKind(input: unknown, context: z.RefinementCtx): unknown {
  if (!isRecord(input)) return input;
  const [kind, other] = KINDS.filter((one) => Object.hasOwn(input, one));
  if (kind === undefined) {
    const keys = Object.keys(input);
    const key = keys.find((one) => closest(one, KINDS) !== undefined) ?? keys[0];
    const near = key === undefined ? undefined : closest(key, KINDS);
    const hint = near === undefined ? `it has one of the keys ${KINDS.join(', ')}` : `did you mean "${near}"?`;
    const path = key === undefined ? [] : [key];
    context.addIssue({ code: 'custom', path, message: `there is no such condition; ${hint}` });
  } else if (other !== undefined) {
    const message = `one condition asks both ${kind} and ${other}: put them into "all", each by itself`;
    context.addIssue({ code: 'custom', message });
  }
  return input;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
