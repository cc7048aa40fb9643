import { type StepTraits, whyNoSuccessCodes } from '../../runtime/contract/step.ts';
import { STEP_DEFINITIONS } from '../../runtime/steps/schema.ts';
import { allOf, mapCondition, type PlainCondition } from './conditions.ts';
import { entryOf } from './entry-of.ts';
import type { PlainFields, PlainStep } from './mapping.ts';
import type { SourceEntry, SourceStep } from './model.ts';
import { conditionProblem } from './step-problem.ts';

type Changed = (what: string) => void;

const MOST = { name: 100, description: 255 };

/** What groups and steps have in common. */
export function commonFields(entry: SourceEntry, changed: Changed): { name?: string } & PlainFields {
  const name = oneLine(entry.name);
  const description = entry.description.trim();
  if (name.length > MOST.name) changed(`its name was cut to ${MOST.name} characters`);
  if (description.length > MOST.description) changed(`its description was cut to ${MOST.description} characters`);
  const condition = conditionFields(entry, changed);
  return {
    ...(name !== '' && { name: cut(name, MOST.name) }),
    ...(description !== '' && { description: cut(description, MOST.description) }),
    ...(entry.disabled && { enabled: false }),
    ...(entry.continueOnError && { continueOnError: true }),
    ...condition,
  };
}

/** A whole step: its own options and what every step has. */
export function stepFields({ step: type, ...options }: PlainStep, source: SourceStep, changed: Changed): PlainFields {
  const traits: StepTraits | undefined = STEP_DEFINITIONS.find((definition) => definition.type === type)?.traits;
  const { name, continueOnError, ...common } = commonFields(source, changed);
  const vital = traits?.vital === true;
  if (vital && continueOnError === true)
    changed('it cannot be set to continue on error: nothing can follow when it fails');
  return {
    step: type,
    ...(name !== undefined && { name }),
    ...(continueOnError === true && !vital && { continueOnError }),
    ...common,
    ...entryOf(RUN_IN, source.runIn.toLowerCase()),
    ...(source.timeoutSeconds > 0 && { timeoutSeconds: Math.min(source.timeoutSeconds, LONGEST_SECONDS) }),
    ...(traits !== undefined && successCodes(source.successCodes, traits, changed)),
    ...options,
    ...bothConditions(common, options),
  };
}

/** A mapper's own condition stands beside that of the source. */
function bothConditions(...fields: readonly PlainFields[]): PlainFields {
  const condition = allOf(fields.map((one) => one.condition as PlainCondition | undefined));
  return condition === undefined ? {} : { condition };
}

const RUN_IN: Readonly<Record<string, { runIn: string }>> = { winpe: { runIn: 'winpe' }, fullos: { runIn: 'full-os' } };
const LONGEST_SECONDS = 7 * 24 * 3600;
/** What every step has there unless somebody has changed it: 3010 is a success wherever a tool of ours can end with it. */
const USUAL_CODES = [0, 3010];

function successCodes(list: string, traits: StepTraits, changed: Changed): PlainFields {
  const written = list
    .trim()
    .split(/[\s,;]+/)
    .filter((code) => code !== '');
  const codes = [...new Set(written.filter((code) => /^-?\d{1,10}$/.test(code)).map(Number))].filter(isExitCode);
  if (codes.length < new Set(written).size) changed(`its success codes "${list.slice(0, 60)}" are not all numbers`);
  if (codes.length === 0) return {};
  const defaults = traits.successCodes;
  if (defaults === undefined && codes.every((code) => USUAL_CODES.includes(code))) return {};
  const why = whyNoSuccessCodes(traits);
  if (why !== undefined) {
    changed(`its success codes ${list.trim().slice(0, 60)} are left out: ${why}`);
    return {};
  }
  const same = codes.length === defaults?.length && codes.every((code) => defaults.includes(code));
  return same ? {} : { successCodes: codes };
}

function isExitCode(code: number): boolean {
  return code >= -(2 ** 31) && code < 2 ** 32;
}

/** A condition that cannot be written switches off what it stands at: nothing may run that was not meant to. */
function conditionFields(entry: SourceEntry, changed: Changed): PlainFields {
  if (entry.condition === undefined) return {};
  try {
    const condition = mapCondition(entry.condition);
    const problem = conditionProblem(condition);
    if (problem !== undefined) throw new Error(problem);
    return { condition };
  } catch (error) {
    changed(`it is disabled, because its condition cannot be written here: ${(error as Error).message}`);
    return { enabled: false };
  }
}

/** A name without what would move a cursor. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
}

function cut(text: string, most: number): string {
  return text.length <= most
    ? text
    : text
        .slice(0, most - 1)
        .trimEnd()
        .concat('…');
}
