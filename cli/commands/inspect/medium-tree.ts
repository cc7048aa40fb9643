import type { EfiProgramFacts } from '../../../builder/inspect/efi-programs.ts';
import { ENVIRONMENTS, secureBootInWords } from '../../../builder/inspect/in-words.ts';
import type { MediumDocument } from '../../../builder/inspect/medium-document.ts';
import { factsOf, type Table, tablesOf } from '../../../builder/inspect/outline.ts';
import { formatBytes } from '../../../runtime/contract/format-bytes.ts';
import { INDENT, type Node, treeText, unbroken, WIDTH } from './tree.ts';

/** What is on a medium, for a terminal. */
export function mediumTree(document: MediumDocument): string {
  const facts = factsOf(document);
  const width = Math.max(...facts.map(([label]) => label.length)) + 2;
  return treeText(document.name, [
    ...facts.map(([label, text]) => ({ text: `${label.padEnd(width)}${text}` })),
    ...document.bootEnvironments.map((environment) => describeEnvironment(environment, document.firmware)),
    ...tablesOf(document).map(describeTable),
  ]);
}

function describeEnvironment(
  { kind, architecture, signing, files }: MediumDocument['bootEnvironments'][number],
  firmware: MediumDocument['firmware'],
): Node {
  const under = firmware.length === 0 ? '' : `, starts under ${firmware.join(' and ')}`;
  return {
    text: `boot environment: ${ENVIRONMENTS[kind]}, ${architecture ?? 'architecture unknown'}${under}`,
    below: [{ text: secureBootInWords(kind, signing) }, ...files.map(describeProgram)],
  };
}

function describeProgram({ path, machine, signing, chain, otherChains = [], bytes, ...file }: EfiProgramFacts): Node {
  const facts = [machine ?? 'no program', formatBytes(bytes), ...(signing === 'other' ? [] : [signing])];
  const below = [chain, ...otherChains]
    .filter((names) => names.length > 0)
    .map((names) => ({ text: names.map(unbroken).join(' < ') }));
  if (file.digestMatches === false) below.unshift({ text: 'CHANGED since it was signed' });
  if (file.problem !== undefined) below.unshift({ text: `DAMAGED: ${file.problem}` });
  return { text: `${path} (${facts.join(', ')})`, below };
}

function describeTable({ title, rows }: Table): Node {
  return rows.length === 0
    ? { text: `${title}: none` }
    : { text: title, below: linesOf(rows).map((text) => ({ text })) };
}

/** In columns where every row has room for them. */
function linesOf(rows: Table['rows']): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const aligned = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  if (aligned.every((line) => line.length <= WIDTH - 2 * INDENT)) return aligned;
  return rows.map((row) => row.filter((cell) => cell !== '').join('  '));
}
