import { readFile } from 'node:fs/promises';
import { isMediasmithError, MediasmithError } from '../../contract/errors.ts';
import type { Argv } from '../../host/exec.ts';
import { decodeLog } from '../../platform/winpe/run-tool.ts';
import type { StepContext } from '../context.ts';
import { type UsmtTool, usmtProblems } from './option-rules.ts';
import { lastPercent } from './progress.ts';
import { usmtReturn } from './return-codes.ts';

const POLL_SECONDS = 5;
const LINES = 20;
const SKIPPED = 3;

/** The tool's log and progress log, beside the sequence's own log. */
export function usmtLogs(tool: UsmtTool, { logFile }: StepContext): { log: string; progress: string } {
  const folder = logFile.slice(0, Math.max(logFile.lastIndexOf('\\'), logFile.lastIndexOf('/')) + 1);
  return { log: `${folder}${tool}.log`, progress: `${folder}${tool}progress.log` };
}

export type UsmtRun = {
  tool: UsmtTool;
  argv: Argv;
  /** What is skipped is no failure. */
  continueOnErrors: boolean;
  folder: string;
  title: string;
};

/** Runs ScanState or LoadState, reports how far it is, and says by name what it ends with. */
export async function runUsmt(run: UsmtRun, context: StepContext): Promise<void> {
  const { tool, argv } = run;
  const [program, ...args] = argv;
  const problems = usmtProblems(tool, args);
  if (problems.length > 0) {
    throw new MediasmithError('STEP_FAILED', `${tool} would not take its options`, {
      lines: problems,
      hint: 'Correct additionalOptions, or the options of the step.',
    });
  }
  const { log, progress } = usmtLogs(tool, context);
  const secrets = context.variables.secrets();
  const running = context.exec([program, ...args], {
    cwd: run.folder,
    secrets,
    signal: context.signal,
    successCodes: run.continueOnErrors ? [0, SKIPPED] : [0],
  });
  await follow(running, progress, run.title, context);
  const { exitCode } = await running.catch(async (error: unknown) => {
    throw await named(tool, log, error);
  });
  if (exitCode === SKIPPED) context.log('warning', `${tool} has skipped what it could not read or write: ${log}`);
}

async function follow(running: Promise<unknown>, file: string, title: string, context: StepContext): Promise<void> {
  let ended = false;
  let last: number | undefined;
  const end = running.then(
    () => {
      ended = true;
    },
    () => {
      ended = true;
    },
  );
  while (!ended) {
    await Promise.race([end, context.wait(POLL_SECONDS).catch(() => end)]);
    const done = lastPercent(await readFile(file).then(decodeLog, () => ''));
    if (done === undefined || done === last) continue;
    last = done;
    context.emit({ event: 'progress', title, done, total: 100, unit: 'percent' });
  }
}

async function named(tool: UsmtTool, log: string, error: unknown): Promise<unknown> {
  if (!isMediasmithError(error)) return error;
  if (error.code === 'TOOL_MISSING') {
    return new MediasmithError('TOOL_MISSING', `there is no ${tool}.exe that starts`, {
      where: error.message,
      hint: 'The package must be the folder "User State Migration Tool" of the ADK, with the architecture of this machine.',
      cause: error,
    });
  }
  if (error.exitCode === undefined) return error;
  const { name, meaning, hint } = usmtReturn(error.exitCode);
  const lines = await readFile(log).then(
    (data) => decodeLog(data).split(/\r?\n/).filter(Boolean).slice(-LINES),
    () => error.lines,
  );
  return new MediasmithError('TOOL_FAILED', `${tool} ended with ${error.exitCode} (${name}): ${meaning}`, {
    where: log,
    lines,
    exitCode: error.exitCode,
    ...(hint !== undefined && { hint }),
  });
}
