import { isMediasmithError, type Problem } from '../runtime/contract/errors.ts';

/** An error as a person reads it: what, where, why, what to do. A bug of ours comes with its stack and a request. */
export function renderError(error: unknown): string {
  if (!isMediasmithError(error)) {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return `\nThis is a bug in Mediasmith. Please report it with these lines:\n${stack}\n`;
  }
  const lines = [`\nError ${error.code}: ${error.message}`];
  if (error.where !== undefined) lines.push(`  where: ${error.where}`);
  lines.push(...error.lines.map((line) => `  ${line}`));
  lines.push(...error.problems.map((problem) => renderProblem(problem)));
  for (const cause of causesOf(error)) lines.push(`  because: ${cause}`);
  if (error.hint !== undefined) lines.push(`  ${error.hint}`);
  return `${lines.join('\n')}\n`;
}

/** `file:line:column: error: message`, as editors and terminals understand it, with the hint below. */
export function renderProblem({ file, line, column, severity, message, hint }: Problem): string {
  return `${file}:${line}:${column}: ${severity}: ${message}${hint === undefined ? '' : `\n    ${hint}`}`;
}

/** The document that `--json` prints for an error. */
export function errorDocument(error: unknown): object {
  if (!isMediasmithError(error))
    return { error: { code: 'BUG', message: error instanceof Error ? (error.stack ?? error.message) : String(error) } };
  const { code, message, hint, where, lines, problems } = error;
  return {
    error: { code, message, hint, where, lines, causes: causesOf(error) },
    ...(problems.length > 0 && { problems }),
  };
}

function causesOf(error: Error): string[] {
  const causes: string[] = [];
  for (let cause = error.cause; cause instanceof Error; cause = cause.cause) causes.push(cause.message);
  return causes;
}
