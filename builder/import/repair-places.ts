import { analyseSequence } from '../../runtime/sequence/analysis/analyse.ts';
import type { Sequence } from '../../runtime/sequence/schema.ts';
import type { PlainEntry } from './map-sequence.ts';
import type { SequenceReport } from './report.ts';

/** Each pass mends everything it finds; more than this many mean that nothing helps. */
const MOST_PASSES = 20;

type Finding = { path: readonly PropertyKey[]; code: string; message: string };

/**
 * Mends what only the whole shows: a step that restarts the machine for good though others follow takes the sequence
 * along, and a step that cannot run where it stands is disabled. `parse` gives what the entries are as a sequence.
 */
export function repairPlaces(
  entries: readonly PlainEntry[],
  parse: (entries: readonly PlainEntry[]) => Sequence | undefined,
): { entries: readonly PlainEntry[]; changed: SequenceReport['changed'] } {
  const changed: SequenceReport['changed'] = [];
  let current = entries;
  for (let pass = 0; pass < MOST_PASSES; pass++) {
    const sequence = parse(current);
    const findings = sequence === undefined ? [] : findingsOf(sequence);
    if (findings.length === 0) break;
    const restart = findings.find(({ code }) => code === 'SEQUENCE_STEP_AFTER_RESTART');
    const path = restart === undefined ? undefined : restartBefore(current, placeOf(restart.path));
    // One at a time: what follows a restart may be in order once it takes the sequence along.
    const repairs = new Map<string, Repair>();
    if (path !== undefined) repairs.set(path.join(' '), carryOver);
    else for (const { path, message } of findings) repairs.set(placeOf(path).join(' '), disable(message));
    current = mend(current, [], repairs, changed);
  }
  return { entries: current, changed };
}

function findingsOf(sequence: Sequence): Finding[] {
  const findings: Finding[] = [];
  analyseSequence(sequence, (path, { severity = 'error', ...problem }) => {
    if (severity === 'error') findings.push({ path, ...problem });
    return { severity, ...problem, file: '', line: 1, column: 1 };
  });
  return findings;
}

/** Where an entry stands, as indexes from the top: what the analysis names may lie deeper in it. */
function placeOf(path: readonly PropertyKey[]): number[] {
  const place: number[] = [];
  for (let at = 0; path[at] === 'steps' && typeof path[at + 1] === 'number'; at += 2)
    place.push(path[at + 1] as number);
  return place;
}

/** The last restart into Windows before a place that could take the sequence along. */
function restartBefore(entries: readonly PlainEntry[], place: readonly number[]): number[] | undefined {
  let last: number[] | undefined;
  const visit = (list: readonly PlainEntry[], at: readonly number[]): boolean => {
    for (const [index, { fields, entries: inner }] of list.entries()) {
      const here = [...at, index];
      if (here.join(' ') === place.join(' ')) return true;
      if (fields.enabled === false) continue;
      if (inner !== undefined && visit(inner, here)) return true;
      if (fields.step === 'restart-computer' && fields.target === undefined) last = here;
    }
    return false;
  };
  visit(entries, []);
  return last;
}

type Repair = (entry: PlainEntry) => { entry: PlainEntry; what: string };

const carryOver: Repair = (entry) => {
  const { message: _message, delaySeconds: _delay, continueOnError: _continue, step: _step, ...common } = entry.fields;
  const what = 'Setup Windows restarts the machine and takes the sequence along into the new Windows';
  return { entry: { ...entry, fields: { step: 'setup-windows', ...common } }, what };
};

function disable(message: string): Repair {
  return (entry) => ({
    entry: { ...entry, fields: { ...entry.fields, enabled: false } },
    what: `it is disabled: ${message}`,
  });
}

function mend(
  entries: readonly PlainEntry[],
  at: readonly number[],
  repairs: ReadonlyMap<string, Repair>,
  changed: SequenceReport['changed'],
): PlainEntry[] {
  return entries.map((entry, index) => {
    const here = [...at, index];
    const repair = repairs.get(here.join(' '));
    if (repair !== undefined) {
      const { entry: mended, what } = repair(entry);
      changed.push({ ...entry.origin, what });
      return { ...mended, remarks: [...entry.remarks, what] };
    }
    return entry.entries === undefined ? entry : { ...entry, entries: mend(entry.entries, here, repairs, changed) };
  });
}
