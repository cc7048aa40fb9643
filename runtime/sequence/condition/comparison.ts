import { z } from 'zod';

export const COMPARISONS = ['equals', 'notEquals', 'less', 'lessEqual', 'greater', 'greaterEqual'] as const;
export const Comparison = z.enum(COMPARISONS);
export type Comparison = z.infer<typeof Comparison>;

export const Compare = z.enum(['text', 'number', 'version', 'auto']);
export type Compare = z.infer<typeof Compare>;

/**
 * Whether `actual` stands so to `expected`. What is not of the kind that is compared satisfies only `notEquals`.
 *
 * `auto` is our reading of ConfigMgr, which does not document when it compares numbers: `equals` and `notEquals` compare
 * texts. An order compares numbers where both are whole numbers, versions where both are numbers with dots between, else
 * texts; nothing has an order to an empty text.
 */
export function compareTexts(operator: Comparison, compare: Compare, actual: string, expected: string): boolean {
  return satisfies(
    operator,
    ORDERS[compare === 'auto' ? kindOf(operator, actual, expected) : compare](actual, expected),
  );
}

/** `order`: less than 0, 0 or more than 0, or NaN. */
export function satisfies(operator: Comparison, order: number): boolean {
  if (operator === 'equals') return order === 0;
  if (operator === 'notEquals') return order !== 0;
  if (operator === 'less') return order < 0;
  if (operator === 'lessEqual') return order <= 0;
  if (operator === 'greater') return order > 0;
  return order >= 0;
}

function kindOf(operator: Comparison, ...sides: [string, string]): Exclude<Compare, 'auto'> {
  if (operator === 'equals' || operator === 'notEquals') return 'text';
  if (sides.every((side) => /^\s*-?\d+\s*$/.test(side)) || sides.includes('')) return 'number';
  return sides.every((side) => /^\d+(\.\d+)*$/.test(side)) ? 'version' : 'text';
}

const ORDERS: Record<Exclude<Compare, 'auto'>, (a: string, b: string) => number> = {
  text: (a, b) => {
    const [left, right] = [a.toLowerCase(), b.toLowerCase()];
    return left === right ? 0 : left < right ? -1 : 1;
  },
  number: numberOrder,
  version: versionOrder,
};

/** Whole numbers of any length exactly. NaN where one is no number. */
function numberOrder(a: string, b: string): number {
  if (a.trim() === '' || b.trim() === '') return Number.NaN;
  if (![a, b].every((side) => /^\s*-?\d+\s*$/.test(side))) return Number(a) - Number(b);
  const [left, right] = [BigInt(a), BigInt(b)];
  return left === right ? 0 : left < right ? -1 : 1;
}

/** 10.0.9 is before 10.0.10; parts that are missing are 0. NaN where one is no version. */
export function versionOrder(a: string, b: string): number {
  if (![a, b].every((side) => /^\s*\d+(\.\d+)*\s*$/.test(side))) return Number.NaN;
  const [left, right] = [a.split('.').map(Number), b.split('.').map(Number)] as const;
  const length = Math.max(left.length, right.length);
  for (let part = 0; part < length; part++) {
    const difference = (left[part] ?? 0) - (right[part] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
