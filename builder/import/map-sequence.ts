import { keepsDisk } from './configmgr/keeps-disk.ts';
import { volumesOf } from './configmgr/layout.ts';
import { mapperOf } from './mappers.ts';
import { isLeftOut, type Mapped, type Notes, type Place, type PlainFields, type PlainStep } from './mapping.ts';
import type { SourceCondition, SourceEntry, SourceGroup, SourceStep } from './model.ts';
import { commonFields, oneLine, stepFields } from './plain-fields.ts';
import type { SequenceReport } from './report.ts';
import { stepProblem } from './step-problem.ts';

/** A group or a step of ours, with the remarks that stand above it in the file, and what it comes from. */
export type PlainEntry = {
  fields: PlainFields;
  remarks: readonly string[];
  origin: { step: string; type: string };
  entries?: readonly PlainEntry[];
};

/** What the sequences of one import have in common: names of content, and which secrets are missing. */
export type Shared = {
  supply: Notes['supply'];
  password: (step: string, field: string, variable: string) => void;
};

type Log = Pick<SequenceReport, 'changed' | 'leftOut' | 'takenOver'>;

/** Every step of a tree in our words. Each step of the source is taken over, or left out for a reason. */
export function mapEntries(entries: readonly SourceEntry[], shared: Shared): { entries: PlainEntry[] } & Log {
  const log: Log = { changed: [], leftOut: [], takenOver: 0 };
  const place: Place = {
    phase: undefined,
    before: [],
    phases: new Set(entries.flatMap(phasesBelow)),
    volumes: volumesOf(entries),
    keepsDisk: keepsDisk(entries),
  };
  const mapped = mapList(entries, place, shared, log);
  return { entries: mapped, ...log };
}

function mapList(entries: readonly SourceEntry[], place: Place, shared: Shared, log: Log): PlainEntry[] {
  return entries.flatMap((entry, index) => {
    const here = { ...place, before: entries.slice(Math.max(0, index - NEAR), index) };
    return entry.kind === 'group' ? [mapGroup(entry, here, shared, log)] : mapStep(entry, here, shared, log);
  });
}

/** How far back a mapper may look: the rest would make the work more than linear. */
const NEAR = 10;

function mapGroup(group: SourceGroup, place: Place, shared: Shared, log: Log): PlainEntry {
  const remarks: string[] = [];
  const changed = (what: string): void => {
    remarks.push(what);
    log.changed.push({ step: oneLine(group.name), type: 'group', what });
  };
  const { name, ...common } = commonFields(group, changed);
  const phase = phaseAsked(group.condition) ?? place.phase;
  return {
    fields: { group: name ?? 'Group', ...common },
    remarks,
    origin: { step: oneLine(group.name), type: 'group' },
    entries: mapList(group.entries, { ...place, phase }, shared, log),
  };
}

function mapStep(step: SourceStep, place: Place, shared: Shared, log: Log): PlainEntry[] {
  const remarks: string[] = [];
  const title = oneLine(step.name || step.type || 'command line');
  const type = oneLine(step.type) || 'command line';
  const passwords: [field: string, variable: string][] = [];
  const notes: Notes = {
    changed: (what) => void (remarks.includes(what) || remarks.push(what)),
    supply: shared.supply,
    password: (field, variable) => {
      passwords.push([field, variable]);
      return `%${variable}%`;
    },
  };
  const leave = (reason: string): PlainEntry[] => {
    log.leftOut.push({ step: title, type, reason });
    return [];
  };
  const mapped: Mapped = mapperOf(step)(step, notes, place);
  if (isLeftOut(mapped)) return leave(mapped.leftOut);
  const steps: readonly PlainStep[] = 'step' in mapped ? [mapped as PlainStep] : (mapped as readonly PlainStep[]);
  const fields = steps.map((plain) => stepFields(plain, step, notes.changed));
  const problem = fields.map(stepProblem).find((found) => found !== undefined);
  if (problem !== undefined) return leave(`it cannot be written here: ${problem}`);
  log.takenOver++;
  for (const what of remarks) log.changed.push({ step: title, type, what });
  for (const [field, variable] of passwords) shared.password(title, field, variable);
  return fields.map((written, index) => ({
    fields: written,
    remarks: index === 0 ? remarks : [],
    origin: { step: title, type },
  }));
}

/** MDT's phase a condition asks for, where it asks for one. */
function phaseAsked(condition: SourceCondition | undefined): string | undefined {
  if (condition === undefined) return undefined;
  if (condition.kind !== 'expression') {
    const every = condition.kind === 'and' || (condition.kind === 'or' && condition.operands.length === 1);
    return every ? condition.operands.map(phaseAsked).find((phase) => phase !== undefined) : undefined;
  }
  const asks =
    condition.fields.get('variable')?.toLowerCase() === 'phase' &&
    condition.fields.get('operator')?.toLowerCase() === 'equals';
  return asks ? condition.fields.get('value')?.toUpperCase() : undefined;
}

function phasesBelow(entry: SourceEntry): string[] {
  const own = phaseAsked(entry.condition);
  const below = entry.kind === 'group' ? entry.entries.flatMap(phasesBelow) : [];
  return own === undefined ? below : [own, ...below];
}
