import { loadProject } from '../../builder/config/load.ts';
import { readText } from '../../builder/config/read-text.ts';
import type { Problem } from '../../runtime/contract/errors.ts';

import { type Wipe, wipesOf } from '../../runtime/sequence/analysis/wipes.ts';
import { topLevelKeys } from '../../runtime/sequence/document.ts';
import { loadSequence } from '../../runtime/sequence/load.ts';
import type { Sequence } from '../../runtime/sequence/schema.ts';
import { renderProblem } from '../report-error.ts';
import type { CommandResult } from '../session.ts';

/** Checks a project with its sequences, or a sequence alone. Problems are the result, not an error; exit code 2 with one. */
export async function validate(file: string): Promise<CommandResult> {
  const text = await readText(file);
  const { sequences, problems } = isSequence(text) ? oneSequence(text, file) : await project(file);
  const failed = problems.some(({ severity }) => severity === 'error');
  const wipes = sequences.flatMap((sequence) => wipesOf(sequence).map((wipe) => ({ sequence: sequence.id, ...wipe })));
  return {
    document: { problems, ...(wipes.length > 0 && { wipes }) },
    text: `${describe(file, problems)}${wipes.map(renderWipe).join('')}`,
    exitCode: failed ? 2 : 0,
  };
}

type Checked = { sequences: readonly Sequence[]; problems: readonly Problem[] };

function oneSequence(text: string, file: string): Checked {
  const { sequence, problems } = loadSequence(text, file);
  return { sequences: sequence === undefined ? [] : [sequence], problems };
}

async function project(file: string): Promise<Checked> {
  const { project: loaded, problems } = await loadProject(file);
  return { sequences: loaded?.sequences.map(({ sequence }) => sequence) ?? [], problems };
}

function renderWipe({ sequence, step, volume }: Wipe & { sequence: string }): string {
  return `${sequence}: "${step}" removes everything from ${volume}, but for user state\n`;
}

/** A sequence has steps at its top, a project has outputs. */
function isSequence(text: string): boolean {
  const keys = topLevelKeys(text);
  return keys.includes('steps') && !keys.includes('outputs');
}

function describe(file: string, problems: readonly Problem[]): string {
  if (problems.length === 0) return `${file}: no problems\n`;
  return `${problems.map(renderProblem).join('\n')}\n`;
}
