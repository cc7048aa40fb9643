import { resolve } from 'node:path';
import { EXISTING, type Existing, importFile } from '../../../builder/import/import-file.ts';
import type { ImportReport, SequenceReport } from '../../../builder/import/report.ts';
import { MediasmithError } from '../../../runtime/contract/errors.ts';
import { askOnConsole } from '../../../runtime/host/ask.ts';
import type { CommandResult, Session } from '../../session.ts';

export type SequenceImportOptions = { out: string; existing?: Existing };

/** Imports the task sequences of a file and says what became of each step. */
export async function importSequence(
  { signal }: Session,
  file: string,
  { out, existing }: SequenceImportOptions,
): Promise<CommandResult> {
  const folder = resolve(out);
  const report = await importFile(resolve(file), {
    folder,
    signal,
    existing: async (files) => existing ?? (await ask(files, folder, signal)),
  });
  return { document: report, text: describeImport(report, out) };
}

const CHOICES: Record<Existing, string> = {
  ignore: 'leave what is there as it is',
  overwrite: 'replace what is there',
  new: 'import under a new id',
};

async function ask(files: readonly string[], folder: string, signal: AbortSignal): Promise<Existing> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    throw new MediasmithError('OUTPUT_EXISTS', `${files.join(', ')} is in ${folder} already`, {
      where: folder,
      hint: 'Say what is to become of it: --existing ignore, overwrite or new.',
    });
  }
  const question = `${files.join(', ')} is in ${folder} already. What is to become of it?`;
  const answer = await askOnConsole(question, Object.values(CHOICES), { signal, output: process.stderr });
  return EXISTING[answer] ?? 'ignore';
}

/** The report for a person: what was taken over, what is different, what is not there, and what is still to do. */
function describeImport({ sequences, toSupply, passwords, kept }: ImportReport, out: string): string {
  const lines = [
    ...sequences.flatMap((sequence) => describeSequence(sequence, out)),
    ...list('Left as it was there already:', kept),
    ...list(
      'To supply, under these names in media.yaml:',
      toSupply.map(({ kind, id, name }) => `${kind} ${name}${id === name ? '' : ` (${id})`}`),
    ),
    ...list(
      'To enter, as variables:',
      passwords.map(({ step, field }) => `${step}: ${field}`),
    ),
  ];
  return lines.map((line) => `${line.replace(/\p{Cc}/gu, ' ')}\n`).join('');
}

function describeSequence({ file, name, steps, takenOver, changed, leftOut }: SequenceReport, out: string): string[] {
  return [
    `${out}/${file}`,
    `  ${name}: ${takenOver} of ${steps} steps taken over, ${leftOut.length} left out`,
    ...list(
      '  Changed:',
      changed.map(({ step, what }) => `  ${step}: ${what}`),
    ),
    ...list(
      '  Left out:',
      leftOut.map(({ step, reason }) => `  ${step}: ${reason}`),
    ),
  ];
}

function list(title: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : [title, ...items.map((item) => `  ${item}`)];
}
