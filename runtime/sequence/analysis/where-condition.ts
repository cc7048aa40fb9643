import { environmentOf, type PlatformName } from '../../contract/step.ts';
import type { Condition, LeafCondition } from '../condition.ts';

export type Where = readonly PlatformName[];

/** Of some places, those where a condition may hold and those where it may not. What asks the machine may do both. */
export type Split = { may: Where; mayNot: Where };

export function splitByCondition(condition: Condition, where: Where): Split {
  if ('all' in condition)
    return every(
      condition.all.map((part) => splitByCondition(part, where)),
      where,
    );
  if ('any' in condition)
    return swap(
      every(
        condition.any.map((part) => swap(splitByCondition(part, where))),
        where,
      ),
    );
  if ('none' in condition)
    return every(
      condition.none.map((part) => swap(splitByCondition(part, where))),
      where,
    );
  return splitByLeaf(condition, where);
}

function every(parts: readonly Split[], where: Where): Split {
  return {
    may: where.filter((place) => parts.every(({ may }) => may.includes(place))),
    mayNot: where.filter((place) => parts.some(({ mayNot }) => mayNot.includes(place))),
  };
}

function swap({ may, mayNot }: Split): Split {
  return { may: mayNot, mayNot: may };
}

/** `_SMSTSInWinPE` is the one variable that says where the sequence is. */
function splitByLeaf(condition: LeafCondition, where: Where): Split {
  const unsure = { may: where, mayNot: where };
  if (!('variable' in condition) || condition.variable.toLowerCase() !== '_smstsinwinpe') return unsure;
  const operator = condition.operator ?? (condition.value === undefined ? 'exists' : 'equals');
  if (operator === 'exists') return { may: where, mayNot: [] };
  if (operator === 'notExists') return { may: [], mayNot: where };
  const value = condition.value?.toLowerCase();
  if ((operator !== 'equals' && operator !== 'notEquals') || (value !== 'true' && value !== 'false')) return unsure;
  const wanted = (value === 'true') === (operator === 'equals') ? 'winpe' : 'full-os';
  return {
    may: where.filter((place) => environmentOf(place) === wanted),
    mayNot: where.filter((place) => environmentOf(place) !== wanted),
  };
}
