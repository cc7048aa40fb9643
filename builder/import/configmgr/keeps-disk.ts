import type { SourceCondition, SourceEntry, SourceStep } from '../model.ts';

type Placed = { step: SourceStep; conditions: readonly SourceCondition[] };

/**
 * Whether a sequence may come to its image with the disk as it was: nothing in it lays a disk out, or only under a
 * condition, where it captures user state as well or asks for MDT's REFRESH.
 */
export function keepsDisk(entries: readonly SourceEntry[]): boolean {
  const steps = stepsOf(entries, []);
  const layouts = steps.filter(({ step }) => laysOut(step));
  if (layouts.some(({ conditions }) => conditions.length === 0)) return false;
  if (layouts.length === 0) return true;
  return steps.some(({ step, conditions }) => capturesState(step) || conditions.some(asksForRefresh));
}

function stepsOf(entries: readonly SourceEntry[], around: readonly SourceCondition[]): Placed[] {
  return entries.flatMap((entry): Placed[] => {
    if (entry.disabled) return [];
    const conditions = entry.condition === undefined ? around : [...around, entry.condition];
    return entry.kind === 'group' ? stepsOf(entry.entries, conditions) : [{ step: entry, conditions }];
  });
}

function laysOut({ type, action }: SourceStep): boolean {
  return /PartitionDiskAction$/i.test(type) || /\b(ZTIDiskpart|PSDPartition)\b/i.test(action);
}

function capturesState({ type }: SourceStep): boolean {
  return /CaptureUserStateAction$/i.test(type);
}

function asksForRefresh(condition: SourceCondition): boolean {
  if (condition.kind !== 'expression') return condition.operands.some(asksForRefresh);
  const { fields } = condition;
  return /^deploymenttype$/i.test(fields.get('variable') ?? '') && /^refresh$/i.test(fields.get('value') ?? '');
}
