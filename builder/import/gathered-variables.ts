import { entryOf } from './entry-of.ts';
import type { SourceCondition, SourceEntry, SourceSequence, SourceStep, SourceVariable } from './model.ts';
import { textOf } from './model.ts';

/** What MDT's gathering calls what the engine knows by itself. Names without regard to case. */
const GATHERED: Readonly<Record<string, string>> = {
  isuefi: '_SMSTSBootUEFI',
  make: '_SMSTSMake',
  model: '_SMSTSModel',
  serialnumber: '_SMSTSSerialNumber',
  assettag: '_SMSTSAssetTag',
  uuid: '_SMSTSUUID',
  destinationosdrive: 'OSDTargetSystemDrive',
};

/** The sequence with the engine's names of what MDT gathers, and which were renamed. What it sets itself keeps its name. */
export function renameGathered(sequence: SourceSequence): { sequence: SourceSequence; renamed: string[] } {
  const own = new Set(sequence.entries.flatMap(namesSet));
  const renamed = new Set<string>();
  const rename = (name: string): string => {
    const ours = own.has(name.toLowerCase()) ? undefined : entryOf(GATHERED, name.toLowerCase());
    if (ours !== undefined) renamed.add(`${name} is ${ours}`);
    return ours ?? name;
  };
  const text = (value: string): string =>
    value.replace(/%([A-Za-z_][A-Za-z0-9_-]{0,255})%/g, (_whole, name: string) => `%${rename(name)}%`);
  const entries = sequence.entries.map((entry) => renameEntry(entry, rename, text));
  return { sequence: { ...sequence, entries }, renamed: [...renamed].sort() };
}

type Change = (text: string) => string;

function renameEntry(entry: SourceEntry, rename: Change, text: Change): SourceEntry {
  const condition = entry.condition && { condition: renameCondition(entry.condition, rename, text) };
  if (entry.kind === 'group')
    return { ...entry, ...condition, entries: entry.entries.map((inner) => renameEntry(inner, rename, text)) };
  const variables = entry.variables.map((variable): SourceVariable => {
    // A script of its own reads what it likes.
    const source = /SourceScript$/i.test(variable.name);
    return source ? variable : { ...variable, value: text(variable.value) };
  });
  return { ...entry, ...condition, action: text(entry.action), startIn: text(entry.startIn), variables };
}

/** In a query `%make%` is a pattern. */
function renameCondition(condition: SourceCondition, rename: Change, text: Change): SourceCondition {
  if (condition.kind !== 'expression')
    return { ...condition, operands: condition.operands.map((operand) => renameCondition(operand, rename, text)) };
  const fields = [...condition.fields].map(
    ([name, value]) => [name, name === 'variable' ? rename(value) : name === 'query' ? value : text(value)] as const,
  );
  return { ...condition, fields: new Map(fields) };
}

function namesSet(entry: SourceEntry): string[] {
  return entry.kind === 'group' ? entry.entries.flatMap(namesSet) : namesSetBy(entry);
}

function namesSetBy({ variables }: SourceStep): string[] {
  const rules = textOf(variables, 'OSDSetDynamicVariablesRules');
  const names = [...rules.matchAll(/<Variable Name="([^"<]{1,256})"/g)].map((match) => match[1] ?? '');
  return [textOf(variables, 'VariableName'), ...names].filter((name) => name !== '').map((name) => name.toLowerCase());
}
