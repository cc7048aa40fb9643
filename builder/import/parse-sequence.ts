import type { XmlElement } from '../../runtime/host/xml.ts';
import { entryOf } from './entry-of.ts';
import type { SourceCondition, SourceEntry, SourceSequence, SourceStep, SourceVariable } from './model.ts';
import { child } from './read-xml.ts';

/** The tree of a `<sequence>`. What is no group and no step becomes a step of an unknown type, so that it is reported. */
export function parseSequence(root: XmlElement): SourceSequence {
  return {
    name: attribute(root, 'name'),
    description: attribute(root, 'description'),
    variables: parseVariables(child(root, 'globalVarList')),
    entries: parseEntries(root),
  };
}

/** The operands of a `<condition>` stand under an unwritten "and". */
export function parseCondition(condition: XmlElement | undefined): SourceCondition | undefined {
  if (condition === undefined || condition.children.length === 0) return undefined;
  const operands = condition.children.map(parseOperand);
  return operands.length === 1 ? operands[0] : { kind: 'and', operands };
}

const NO_ENTRIES = new Set(['referencelist', 'globalvarlist', 'condition', 'action', 'defaultvarlist']);

function parseEntries(parent: XmlElement): SourceEntry[] {
  return parent.children.filter(({ name }) => !NO_ENTRIES.has(name.toLowerCase())).map(parseEntry);
}

function parseEntry(element: XmlElement): SourceEntry {
  const condition = parseCondition(child(element, 'condition'));
  const common = {
    name: attribute(element, 'name'),
    description: attribute(element, 'description'),
    disabled: isTrue(attribute(element, 'disable')),
    continueOnError: isTrue(attribute(element, 'continueOnError')),
    line: element.line,
    ...(condition !== undefined && { condition }),
  };
  const tag = element.name.toLowerCase();
  if (tag === 'group') return { ...common, kind: 'group', entries: parseEntries(element) };
  const known = tag === 'step' || tag === 'subtasksequence';
  return { ...common, kind: 'step', ...parseStep(element, known ? attribute(element, 'type') : `<${element.name}>`) };
}

function parseStep(element: XmlElement, type: string): Omit<SourceStep, 'kind' | keyof SourceEntry> & { type: string } {
  return {
    type,
    action: child(element, 'action')?.text.trim() ?? '',
    runIn: attribute(element, 'runIn'),
    successCodes: attribute(element, 'successCodeList') || attribute(element, 'successCodes'),
    startIn: attribute(element, 'startIn'),
    timeoutSeconds: wholeNumber(attribute(element, 'timeout')),
    retryCount: wholeNumber(attribute(element, 'retryCount')),
    variables: parseVariables(child(element, 'defaultVarList')),
  };
}

function parseVariables(list: XmlElement | undefined): SourceVariable[] {
  return (list?.children ?? []).map((variable) => ({
    name: attribute(variable, 'name'),
    property: attribute(variable, 'property'),
    value: variable.text,
  }));
}

const OPERATORS: Record<string, 'and' | 'or' | 'not'> = { and: 'and', or: 'or', not: 'not' };
const GROUPS = new Set(['operator', 'osconditiongroup', 'osexpressiongroup', 'condition']);

function parseOperand(element: XmlElement): SourceCondition {
  const type = attribute(element, 'type').trim();
  const tag = element.name.toLowerCase();
  if (GROUPS.has(tag)) {
    const fallback = tag === 'osconditiongroup' ? 'or' : 'and';
    return { kind: entryOf(OPERATORS, type.toLowerCase()) ?? fallback, operands: element.children.map(parseOperand) };
  }
  const fields = element.children.map((field) => [attribute(field, 'name').toLowerCase(), field.text.trim()] as const);
  return { kind: 'expression', type: tag === 'expression' ? type : `<${element.name}>`, fields: new Map(fields) };
}

function attribute(element: XmlElement, name: string): string {
  const exact = element.attributes.get(name);
  if (exact !== undefined) return exact;
  for (const [key, value] of element.attributes) if (key.toLowerCase() === name.toLowerCase()) return value;
  return '';
}

function isTrue(text: string): boolean {
  return /^(true|yes|1)$/i.test(text.trim());
}

function wholeNumber(text: string): number {
  return /^\d{1,9}$/.test(text.trim()) ? Number(text) : 0;
}
