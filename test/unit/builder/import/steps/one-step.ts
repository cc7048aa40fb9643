import { importText } from '../import-text.ts';
import { type StepXml, sequenceXml, stepXml } from '../source-xml.ts';

/** The one step that comes of one, and what is said of it. */
export function one(step: StepXml, ...around: string[]) {
  const imported = importText(sequenceXml(...around, stepXml(step)));
  const { entries, report, passwords, text } = imported;
  return {
    step: entries.at(-1),
    left: report.leftOut.map(({ reason }) => reason),
    changed: report.changed.map(({ what }) => what),
    passwords,
    text,
  };
}

/** A step of ConfigMgr by its type, without what all of them begin with. */
export const sms = (type: string, variables: Record<string, string> = {}, more: Partial<StepXml> = {}): StepXml => ({
  type: `SMS_TaskSequence_${type}`,
  variables,
  ...more,
});
