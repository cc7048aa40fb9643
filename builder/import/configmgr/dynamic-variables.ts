import { isMediasmithError } from '../../../runtime/contract/errors.ts';
import type { XmlElement } from '../../../runtime/host/xml.ts';
import { mapCondition } from '../conditions.ts';
import { flag, leftOut, type Notes, type PlainFields, type StepMapper } from '../mapping.ts';
import { type SourceCondition, textOf } from '../model.ts';
import { parseCondition } from '../parse-sequence.ts';
import { child, readXml } from '../read-xml.ts';
import { shownValue } from '../variable-value.ts';
import { nameWithoutEffect } from './without-effect.ts';

export const setDynamicVariables: StepMapper = ({ variables }, notes) => {
  const text = textOf(variables, 'OSDSetDynamicVariablesRules');
  if (text === '') return leftOut('it has no rules');
  let rules: readonly XmlElement[];
  try {
    rules = readXml(text, 'its rules').children;
  } catch (error) {
    if (!isMediasmithError(error)) throw error;
    return leftOut(error.message);
  }
  const mapped: PlainFields[] = [];
  for (const [index, rule] of rules.entries()) {
    const plain = mapRule(rule, notes);
    if (typeof plain === 'string') notes.changed(`rule ${index + 1} is left out: ${plain}`);
    else mapped.push(plain);
  }
  if (mapped.length === 0) return leftOut('none of its rules can be written here');
  return { step: 'set-dynamic-variables', rules: mapped };
};

/** A rule in our words, or why it has none. */
function mapRule(rule: XmlElement, notes: Notes): PlainFields | string {
  const variables = (child(rule, 'Variables')?.children ?? []).map((variable) => {
    const name = variable.attributes.get('Name') ?? '';
    const marked = flag(variable.attributes.get('IsSecret') ?? '');
    nameWithoutEffect(name, notes);
    const { secret, value } = shownValue(name, variable.text.trim(), marked, notes);
    return { name, value, ...(secret && { secret }) };
  });
  if (variables.length === 0) return 'it sets nothing';
  const unable = variables.find(({ name }) => !/^[A-Za-z][A-Za-z0-9_-]{0,255}$/.test(name));
  if (unable !== undefined) return `no sequence can set "${unable.name.slice(0, 80)}"`;
  const condition = parseCondition(child(rule, 'condition'));
  if (condition === undefined) return { variables };
  const when = mapRuleCondition(condition);
  return typeof when === 'string' ? when : { if: when, variables };
}

function mapRuleCondition(condition: SourceCondition): PlainFields | string {
  if (condition.kind !== 'expression') return 'it has several conditions';
  const get = (name: string): string => condition.fields.get(name.toLowerCase()) ?? '';
  if (/MakeModel/i.test(condition.type))
    return { makeAndModel: { make: get('Make') || '*', model: get('Model') || '*' } };
  if (/Computer/i.test(condition.type)) {
    const computer = {
      assetTag: get('AssetTag'),
      uuid: get('UUID'),
      serial: get('SerialNumber'),
      macAddress: get('MACAddress'),
    };
    return { computer: Object.fromEntries(Object.entries(computer).filter(([, value]) => value !== '')) };
  }
  if (/Location/i.test(condition.type)) {
    const [gateway = ''] = [...condition.fields].filter(([name]) => name.includes('gateway')).map(([, value]) => value);
    return gateway === '' ? 'its location is no gateway' : { location: { gateway } };
  }
  if (!/Variable/i.test(condition.type)) return `a condition of the type ${condition.type}`;
  try {
    return mapCondition(condition);
  } catch (error) {
    return (error as Error).message;
  }
}
