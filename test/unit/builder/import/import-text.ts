import { importSequences } from '../../../../builder/import/import-sequences.ts';
import { parseSequence } from '../../../../builder/import/parse-sequence.ts';
import { readXml } from '../../../../builder/import/read-xml.ts';
import { readSequence } from '../../../../runtime/sequence/load.ts';
import type { Entry } from '../../../../runtime/sequence/schema.ts';

/** Imports one sequence out of its text. */
export function importText(xml: string) {
  const source = { ...parseSequence(readXml(xml, 'ts.xml')), name: 'A sequence' };
  const imported = importSequences({ sequences: [source], names: new Map() }, 'ts.xml');
  const [sequence] = imported.sequences;
  if (sequence === undefined) throw new Error('nothing was imported');
  const { value, problems } = readSequence(sequence.text, 'ts.yaml');
  if (value === undefined) throw new Error(problems.map(({ message }) => message).join('\n'));
  const entries: Entry[] = value.steps;
  return { ...imported, text: sequence.text, report: sequence.report, entries, value };
}
