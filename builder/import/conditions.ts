import { VARIABLE_OPERATORS } from '../../runtime/sequence/condition.ts';
import { entryOf } from './entry-of.ts';
import type { SourceCondition } from './model.ts';

/** A condition of ours as it is written; what it may be is checked where the step is. */
export type PlainCondition = Readonly<Record<string, unknown>>;

/** The condition in our words. An Error, whose message is the reason, for what cannot be said in them. */
export function mapCondition(condition: SourceCondition): PlainCondition {
  if (condition.kind === 'expression') return mapExpression(condition.type, condition.fields);
  const operands = condition.operands.map(mapCondition);
  if (operands.length === 0) throw new Error(`an empty "${condition.kind}"`);
  if (condition.kind === 'not') return { none: operands };
  const [only, ...others] = operands;
  return others.length === 0 && only !== undefined ? only : { [condition.kind === 'and' ? 'all' : 'any']: operands };
}

/** One condition that asks for all of these; undefined for none. */
export function allOf(conditions: readonly (PlainCondition | undefined)[]): PlainCondition | undefined {
  const parts = conditions.flatMap((condition): PlainCondition[] =>
    condition === undefined ? [] : Array.isArray(condition.all) ? condition.all : [condition],
  );
  return parts.length > 1 ? { all: parts } : parts[0];
}

type Fields = ReadonlyMap<string, string>;
type ExpressionMapper = (field: (name: string) => string) => PlainCondition;

function mapExpression(type: string, fields: Fields): PlainCondition {
  const kind = type.replace(/^SMS_TaskSequence_/i, '').replace(/ConditionExpression$/i, '');
  const map = entryOf(EXPRESSIONS, kind.toLowerCase());
  if (map === undefined) throw new Error(`a condition of the type ${type || 'without a name'}`);
  return map((name) => fields.get(name.toLowerCase()) ?? '');
}

const EXPRESSIONS: Record<string, ExpressionMapper> = {
  variable: (field) => {
    const operator = operatorOf(field('Operator') || 'equals');
    const variable = field('Variable');
    return {
      variable,
      operator,
      ...(!operator.endsWith('xists') && { value: field('Value') }),
      ...(isOrder(operator) && { compare: 'auto' }),
    };
  },

  wmi: (field) => {
    const namespace = field('Namespace');
    return {
      wql: field('Query').replace(/\s+/g, ' '),
      ...(namespace !== '' && !/^root[\\/]cimv2$/i.test(namespace) && { namespace }),
    };
  },

  file: (field) => ({
    file: field('Path'),
    ...comparison('version', field('VersionOperator'), field('Version')),
    ...comparison('modified', field('DateTimeOperator'), timeOf(field('DateTime'))),
  }),

  folder: (field) => ({
    folder: field('Path'),
    ...comparison('modified', field('DateTimeOperator'), timeOf(field('DateTime'))),
  }),

  registry: (field) => {
    const operator = operatorOf(field('Operator') || 'exists');
    const type = field('Type').toUpperCase();
    return {
      registry: field('KeyPath'),
      ...(field('Value') !== '' && { name: field('Value') }),
      operator,
      ...(operator.endsWith('xists') ? type !== '' && { type } : { data: field('Data') }),
    };
  },

  software: (field) => {
    const name = field('ProductName') === '' ? {} : { name: field('ProductName') };
    const any = /^any/i.test(field('Operator'));
    if (any) return { software: { upgradeCode: field('UpgradeCode'), ...name } };
    return { software: { productCode: field('ProductCode'), ...name } };
  },

  os: (field) => {
    const architecture = field('Architecture').toLowerCase();
    const asked = (version: PlainCondition): PlainCondition => ({
      operatingSystem: {
        version,
        ...(architecture !== '' && { architecture: entryOf(ARCHITECTURES, architecture) ?? architecture }),
      },
    });
    const version = osVersion(field('Version'));
    const operator = operatorOf(field('Operator') || 'equals');
    const [least, most] = [{ min: version }, { max: version }];
    if (operator === 'greaterEqual') return asked(least);
    if (operator === 'lessEqual') return asked(most);
    if (operator === 'equals') return asked({ ...least, ...most });
    if (operator === 'greater') return { all: [asked(least), { none: [asked(most)] }] };
    if (operator === 'less') return { all: [asked(most), { none: [asked(least)] }] };
    throw new Error(`the operator "${operator}" for an operating system`);
  },
};

const ARCHITECTURES: Readonly<Record<string, string>> = { amd64: 'x64', 'x86-64': 'x64' };

/** The class of ConfigMgr spells one of them in two ways. */
function operatorOf(written: string): string {
  const plain = written.replace(/^nonExists$/i, 'notExists').toLowerCase();
  const operator = VARIABLE_OPERATORS.find((name) => name.toLowerCase() === plain);
  if (operator === undefined) throw new Error(`the operator "${written}"`);
  return operator;
}

function isOrder(operator: string): boolean {
  return operator.startsWith('less') || operator.startsWith('greater');
}

function comparison(key: string, operator: string, value: string): PlainCondition {
  return operator === '' || value === '' ? {} : { [key]: { operator: operatorOf(operator), value } };
}

/** WMI's `yyyymmddHHMMSS.mmmmmm+UUU`, which stands in UTC here, as ISO 8601. Other texts stay for the schema to judge. */
function timeOf(text: string): string {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)/.exec(text) ?? [];
  return year === undefined ? text : `${year}-${month}-${day}T${hour}:${minute}:${second}Z`;
}

/** MDT writes Windows 7 SP1 as `6.10.7601.1`: a minor version of two digits, and the service pack last. */
function osVersion(text: string): string {
  const [major = '', minor = '', build = ''] = text.split('.');
  return [major, minor.replace(/^(\d)0$/, '$1'), build].filter((part) => part !== '').join('.');
}
