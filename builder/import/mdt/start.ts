import type { PlainEntry } from '../map-sequence.ts';
import type { SourceCondition, SourceEntry, SourceSequence } from '../model.ts';

/** What MDT's rules set before the first step: steps that do it here, where the sequence asks for it. */
export function mdtStart({ entries }: SourceSequence): { entries: PlainEntry[]; remark: string } | undefined {
  const asked = new Set(entries.flatMap(asks));
  if (!asked.has('phase')) return undefined;
  const steps = [setting('Begin with the first phase', 'PHASE', 'VALIDATION')];
  if (asked.has('deploymenttype')) {
    steps.push(setting('Deploy a new computer', 'DeploymentType', 'NEWCOMPUTER'));
    const running = { variable: '_SMSTSInWinPE', operator: 'equals', value: 'false' };
    steps.push(setting('Replace the Windows that runs', 'DeploymentType', 'REFRESH', running));
  }
  return {
    entries: steps,
    remark: 'what MDT sets before the first step is set by steps: PHASE, and DeploymentType where it is asked for',
  };
}

function setting(name: string, variable: string, value: string, condition?: object): PlainEntry {
  return {
    fields: { step: 'set-variable', name, ...(condition !== undefined && { condition }), variable, value },
    remarks: [],
    origin: { step: name, type: 'sequence' },
  };
}

function asks(entry: SourceEntry): string[] {
  const own = entry.condition === undefined ? [] : variablesOf(entry.condition);
  return entry.kind === 'group' ? [...own, ...entry.entries.flatMap(asks)] : own;
}

function variablesOf(condition: SourceCondition): string[] {
  if (condition.kind !== 'expression') return condition.operands.flatMap(variablesOf);
  return [condition.fields.get('variable')?.toLowerCase() ?? ''];
}
