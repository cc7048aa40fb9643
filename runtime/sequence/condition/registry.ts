import { z } from 'zod';
import type { ConditionFacts, RegistryValue } from '../../contract/facts.ts';
import { COMPARISONS, Compare, type Comparison, compareTexts, satisfies } from './comparison.ts';
import { expandFacts, unsetName } from './expand.ts';
import { notEvaluated, type Verdict, verdict } from './verdict.ts';

const TYPES = ['REG_SZ', 'REG_EXPAND_SZ', 'REG_MULTI_SZ', 'REG_DWORD', 'REG_QWORD', 'REG_BINARY', 'REG_NONE'] as const;

const ROOTS: ReadonlyMap<string, string> = new Map([
  ['HKLM', 'HKEY_LOCAL_MACHINE'],
  ['HKCU', 'HKEY_CURRENT_USER'],
  ['HKCR', 'HKEY_CLASSES_ROOT'],
  ['HKU', 'HKEY_USERS'],
  ['HKCC', 'HKEY_CURRENT_CONFIG'],
]);
const KEY = /^(HKLM|HKCU|HKCR|HKU|HKCC|HKEY_(?:LOCAL_MACHINE|CURRENT_USER|CLASSES_ROOT|USERS|CURRENT_CONFIG))(?=\\|$)/i;

export const RegistryCondition = z
  .strictObject({
    registry: z
      .string()
      .max(4000)
      .refine((key) => KEY.test(key) || key.startsWith('%'), {
        error: 'a registry key begins with its root: HKEY_LOCAL_MACHINE\\SOFTWARE\\... or HKLM\\...',
      })
      .describe('The key: HKEY_LOCAL_MACHINE\\SOFTWARE\\... or HKLM\\...; %variables% are replaced first'),
    name: z
      .string()
      .max(250)
      .default('')
      .describe(
        "The value's name. Without one, exists and notExists ask for the key, the others for its default value",
      ),
    type: z.enum(TYPES).optional().describe('For exists and notExists: a value of another type is as none'),
    operator: z
      .enum(['exists', 'notExists', ...COMPARISONS])
      .optional()
      .describe('How it is compared; by default equals, or exists without data'),
    data: z
      .string()
      .max(16_384)
      .optional()
      .describe(
        'What it is compared with; %variables% are replaced first. Numbers decimal or 0x..., bytes hexadecimal, several texts one in each line',
      ),
    compare: Compare.default('auto').describe('How texts are compared; numbers and bytes compare as what they are'),
  })
  .refine(
    ({ operator = 'equals', data }) => data !== undefined || operator.endsWith('xists') || operator === 'equals',
    {
      error: 'data is missing: what it is compared with',
      path: ['data'],
    },
  );
export type RegistryCondition = z.infer<typeof RegistryCondition>;

/**
 * The type counts for existence alone, as in ConfigMgr: a comparison takes the value as it finds it. `notExists` is the
 * opposite of `exists` in everything. A value that is not there satisfies only `notEquals`.
 */
export async function evaluateRegistry(condition: RegistryCondition, facts: ConditionFacts): Promise<Verdict> {
  const { name, type, compare } = condition;
  const operator = condition.operator ?? (condition.data === undefined ? 'exists' : 'equals');
  const key = fullKey(expandFacts(condition.registry, facts));
  if (operator === 'exists' || operator === 'notExists') {
    const [there, found] = await existence(key, name, type, facts);
    return verdict(there === (operator === 'exists'), titleOf(key, name), found, withType(operator, type));
  }
  const value = unsetName(key) === undefined ? await facts.system.registryValue(key, name) : undefined;
  const expected = expandFacts(condition.data ?? '', facts);
  const holds = value === undefined ? operator === 'notEquals' : compareValue(operator, compare, value, expected);
  return verdict(holds, titleOf(key, name), shown(value), `${operator} "${expected}"`);
}

function titleOf(key: string, name: string): string {
  return `registry "${key}"${name === '' ? '' : ` value "${name}"`}`;
}

function withType(operator: string, type: string | undefined): string {
  return type === undefined ? operator : `${operator} as ${type}`;
}

function fullKey(key: string): string {
  const root = KEY.exec(key)?.[1];
  if (root === undefined) {
    if (unsetName(key) !== undefined) return key;
    throw notEvaluated(`"${key}" begins with no root of the registry`, 'Write HKEY_LOCAL_MACHINE\\... or HKLM\\...');
  }
  const full = ROOTS.get(root.toUpperCase()) ?? root.toUpperCase();
  return `${full}${key.slice(root.length).replace(/\\+$/, '')}`;
}

async function existence(
  key: string,
  name: string,
  type: string | undefined,
  { system }: ConditionFacts,
): Promise<[boolean, string]> {
  const unset = unsetName(key);
  if (unset !== undefined) return [false, `not there: %${unset}% is not set`];
  if (name === '' && type === undefined) {
    const there = await system.registryKeyExists(key);
    return [there, there ? 'there' : 'not there'];
  }
  const value = await system.registryValue(key, name);
  return [value !== undefined && (type === undefined || value.type === type), shown(value)];
}

function shown(value: RegistryValue | undefined): string {
  if (value === undefined) return 'not there';
  const { data, type } = value;
  return typeof data === 'bigint' ? `${type} ${data}` : `${type} "${textOf(data)}"`;
}

function textOf(data: Exclude<RegistryValue['data'], bigint>): string {
  if (typeof data === 'string') return data;
  return data instanceof Uint8Array ? hex(data) : data.join('\n');
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function compareValue(operator: Comparison, compare: Compare, { data }: RegistryValue, expected: string): boolean {
  if (typeof data === 'bigint') {
    const number = /^\s*(0x[0-9a-f]+|-?\d+)\s*$/i.exec(expected)?.[1];
    return number === undefined ? operator === 'notEquals' : compareNumbers(operator, data, BigInt(number));
  }
  if (data instanceof Uint8Array) return compareTexts(operator, 'text', hex(data), expected.replace(/[\s,]|0x/gi, ''));
  const lines = (text: string) => text.replaceAll('\r\n', '\n').replace(/\n$/, '');
  return compareTexts(operator, compare, textOf(data), Array.isArray(data) ? lines(expected) : expected);
}

function compareNumbers(operator: Comparison, actual: bigint, expected: bigint): boolean {
  return satisfies(operator, actual === expected ? 0 : actual < expected ? -1 : 1);
}
