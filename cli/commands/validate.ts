import { loadProject } from '../../builder/config/load.ts';
import { readText } from '../../builder/config/read-text.ts';
import type { Problem } from '../../runtime/contract/errors.ts';
import { topLevelKeys } from '../../runtime/sequence/document.ts';
import { loadSequence } from '../../runtime/sequence/load.ts';
import { renderProblem } from '../report-error.ts';
import type { CommandResult } from '../session.ts';

/** Checks a project with its sequences, or a sequence alone. Problems are the result, not an error; exit code 2 with one. */
export async function validate(file: string): Promise<CommandResult> {
  const text = await readText(file);
  const problems = isSequence(text) ? loadSequence(text, file).problems : (await loadProject(file)).problems;
  const failed = problems.some(({ severity }) => severity === 'error');
  return { document: { problems }, text: describe(file, problems), exitCode: failed ? 2 : 0 };
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
