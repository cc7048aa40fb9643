import { allOf, type PlainCondition } from '../conditions.ts';
import type { PlainEntry } from '../map-sequence.ts';
import type { SequenceReport } from '../report.ts';

/** Steps that write into the Windows that was applied. */
const NEED_WINDOWS = ['apply-windows-settings', 'apply-network-settings', 'apply-driver-package', 'install-updates'];

type Changed = SequenceReport['changed'];
type Path = readonly number[];
/** A step and where it stands: its groups from the top. */
type Placed = { entry: PlainEntry; path: Path; groups: readonly PlainEntry[] };

/**
 * MDT's scripts may stand before the image: there they prepare an answer file that setup reads later. Here they come
 * directly after it, with the conditions of the groups they have left. Where no image is applied they are disabled.
 */
export function moveBehindImage(entries: readonly PlainEntry[]): { entries: PlainEntry[]; changed: Changed } {
  const steps = stepsOf(entries, [], []).filter(({ groups }) => groups.every(isEnabled));
  const changed: Changed = [];
  const replaced = new Map<PlainEntry, PlainEntry | undefined>();
  const scripts = steps.filter(({ entry }) => needsWindows(entry));
  const images = steps.filter(({ entry }) => entry.fields.step === 'apply-operating-system' && isEnabled(entry));
  const anchor = anchorOf(images);
  if (anchor === undefined) {
    const what = 'it is disabled: no step of the sequence applies an operating system';
    const inChild = steps.some(({ entry }) => entry.fields.step === 'run-sequence');
    for (const { entry } of inChild ? [] : scripts.filter(writesIntoImageOnly))
      replaced.set(entry, remarked({ ...entry, fields: { ...entry.fields, enabled: false } }, what, changed));
    return { entries: rebuilt(entries, replaced, undefined, []), changed };
  }
  const what = `it stood before "${anchor.name}" and comes after it: it needs the Windows that is applied there`;
  const moved = scripts
    .filter(({ path }) => isBefore(path, anchor.first))
    .map((script) => {
      replaced.set(script.entry, undefined);
      return remarked(outOfGroups(script, anchor.groups), what, changed);
    });
  return { entries: rebuilt(entries, replaced, anchor.behind, moved), changed };
}

function stepsOf(entries: readonly PlainEntry[], at: Path, groups: readonly PlainEntry[]): Placed[] {
  return entries.flatMap((entry, index) => {
    const path = [...at, index];
    return entry.entries === undefined ? [{ entry, path, groups }] : stepsOf(entry.entries, path, [...groups, entry]);
  });
}

function isEnabled({ fields }: PlainEntry): boolean {
  return fields.enabled !== false;
}

/** A step of ConfigMgr stays where its author has put it: it would fail there too. */
function needsWindows({ fields, origin }: PlainEntry): boolean {
  const ofMdt = !/^SMS_TaskSequence_(?!RunCommandLine)/i.test(origin.type);
  return ofMdt && NEED_WINDOWS.includes(String(fields.step)) && fields.runIn !== 'full-os';
}

/** Updates are installed in the running Windows as well. */
function writesIntoImageOnly({ entry }: Placed): boolean {
  return isEnabled(entry) && entry.fields.step !== 'install-updates';
}

/** Behind what every image is in: of several images, by model or by edition, one is applied. */
function anchorOf(images: readonly Placed[]) {
  const [first, last] = [images[0], images.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const depth = first.groups.filter((group, index) => images.every(({ groups }) => groups[index] === group)).length;
  const groups = first.groups.slice(0, depth);
  const behind = [...last.groups, last.entry][depth];
  return { groups, behind, first: first.path, name: String(first.entry.fields.name ?? 'Apply Operating System') };
}

function isBefore(path: Path, other: Path): boolean {
  const differs = path.findIndex((index, depth) => index !== other[depth]);
  return (path[differs] ?? 0) < (other[differs] ?? 0);
}

/** The step with what the groups said that it is no longer in. Their phase is over where it stands now. */
function outOfGroups({ entry, groups }: Placed, stays: readonly PlainEntry[]): PlainEntry {
  const left = groups.filter((group) => !stays.includes(group));
  const { condition: _own, ...fields } = entry.fields;
  const condition = allOf(
    [...left, entry].map(({ fields }) => withoutPhase(fields.condition as PlainCondition | undefined)),
  );
  return {
    ...entry,
    fields: {
      ...fields,
      ...(left.some((group) => group.fields.continueOnError === true) && { continueOnError: true }),
      ...(condition !== undefined && { condition }),
    },
  };
}

function withoutPhase(condition: PlainCondition | undefined): PlainCondition | undefined {
  if (condition === undefined) return undefined;
  if (Array.isArray(condition.all)) return allOf(condition.all.map(withoutPhase));
  return String(condition.variable).toLowerCase() === 'phase' && condition.operator === 'equals'
    ? undefined
    : condition;
}

function remarked(entry: PlainEntry, what: string, changed: Changed): PlainEntry {
  changed.push({ ...entry.origin, what });
  return { ...entry, remarks: [...entry.remarks, what] };
}

function rebuilt(
  entries: readonly PlainEntry[],
  replaced: ReadonlyMap<PlainEntry, PlainEntry | undefined>,
  behind: PlainEntry | undefined,
  moved: readonly PlainEntry[],
): PlainEntry[] {
  return entries.flatMap((entry) => {
    const kept = replaced.has(entry) ? replaced.get(entry) : entry;
    const inner = kept?.entries && { entries: rebuilt(kept.entries, replaced, behind, moved) };
    const here = kept === undefined ? [] : [{ ...kept, ...inner }];
    return entry === behind ? [...here, ...moved] : here;
  });
}
