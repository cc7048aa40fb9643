import { resolve } from 'node:path';
import { type ExportReport, exportSequence, projectOf } from '../../../builder/export/export-sequence.ts';
import { MediasmithError } from '../../../runtime/contract/errors.ts';
import { formatBytes } from '../../../runtime/contract/format-bytes.ts';
import type { CommandResult, Session } from '../../session.ts';

export type SequenceExportOptions = { out: string; withContent?: boolean; project?: string };

/** Writes a sequence, its children and, when asked, its content into a zip. */
export async function exportSequenceCommand(
  session: Session,
  file: string,
  { out, withContent, project }: SequenceExportOptions,
): Promise<CommandResult> {
  const { signal } = session;
  if (project !== undefined && withContent !== true) {
    throw new MediasmithError('USAGE', '--project names the content, which goes in with --with-content alone', {
      hint: 'Add --with-content, or leave --project out.',
    });
  }
  const sequence = resolve(file);
  const contentOf = withContent === true ? (project ?? (await projectOf(sequence))) : undefined;
  const stage = { name: 'export', title: `Write ${out}` };
  const report = await session.progress([stage], (emit) => {
    emit({ event: 'stage-started', ...stage });
    return exportSequence(sequence, { out: resolve(out), signal, ...(contentOf !== undefined && { contentOf }) });
  });
  return { document: report, text: describeExport(report) };
}

function describeExport({ file, bytes, sequences, references, blanked, warnings }: ExportReport): string {
  const without = references.filter(({ content }) => content === undefined);
  const lines = [
    `${file}`,
    `  ${formatBytes(bytes)}: ${sequences.join(', ')}`,
    ...without.map(({ kind, name }) => `  not in it: ${kind} ${name}`),
    ...blanked.map(
      ({ kind, step, field, variable }) =>
        `  left out, ${kind === 'secret' ? 'a secret' : 'a secret repeated'}: ${step}: ${field}, which is %${variable}% there`,
    ),
    ...warnings.map((warning) => `  warning: ${warning}`),
  ];
  return `${lines.join('\n')}\n`;
}
