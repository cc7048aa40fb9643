import { readFile } from 'node:fs/promises';
import { type ErrorCode, isMediasmithError, MediasmithError } from '../../contract/errors.ts';
import type { Argv, Exec, ExecResult } from '../../host/exec.ts';
import { exists } from '../../host/exists.ts';
import { judgeExit, SUCCESS_CODES, type Tool } from './exit-codes.ts';

export type ToolCall = {
  tool: Tool;
  argv: Argv;
  /** What failed when it fails, as the beginning of a sentence: `the image could not be applied`. */
  failure: string;
  /** The error's code where the exit code alone does not decide it. */
  code?: ErrorCode;
  /** The log the program writes for itself: its end goes into the error. */
  logFile?: string;
  signal?: AbortSignal | undefined;
  onLine?: (line: string) => void;
};

const OUTPUT_LINES = 8;
const LOG_LINES = 12;

/** Runs one of WinPE's programs and judges how it ended. */
export async function runTool(exec: Exec, call: ToolCall): Promise<ExecResult> {
  const { tool, argv, signal, onLine } = call;
  try {
    return await exec(argv, {
      ...(signal !== undefined && { signal }),
      ...(onLine !== undefined && { onLine }),
      successCodes: SUCCESS_CODES[tool] ?? [0],
    });
  } catch (error) {
    if (!isMediasmithError(error)) throw error;
    if (error.code === 'TOOL_MISSING' || (await isMissing(argv))) throw missing(call, error);
    if (error.exitCode === undefined) throw error;
    throw await failed(call, error, error.exitCode);
  }
}

function missing({ tool, argv, failure }: ToolCall, cause: MediasmithError): MediasmithError {
  return new MediasmithError('TOOL_MISSING', `${failure}: there is no ${tool}.exe that starts`, {
    where: argv[0],
    hint: 'Build the medium from a boot.wim that has it: one of a Windows ISO, or of the ADK.',
    cause,
  });
}

/** Windows may start a program through cmd.exe, which then fails for it: a missing one has an exit code as well. */
async function isMissing([program]: Argv): Promise<boolean> {
  return process.platform === 'win32' && !(await exists(program));
}

async function failed(call: ToolCall, cause: MediasmithError, exitCode: number): Promise<MediasmithError> {
  const { tool, argv, failure, logFile } = call;
  const { meaning, code, hint, shown } = judgeExit(tool, exitCode);
  const log = logFile === undefined ? [] : await lastLines(logFile);
  const output = log.length > 0 ? cause.lines.slice(-OUTPUT_LINES) : cause.lines;
  return new MediasmithError(
    code ?? call.code ?? 'TOOL_FAILED',
    `${failure}: ${tool} ended with ${shown}, ${meaning}`,
    {
      where: argv.join(' '),
      lines: [...output, ...log].map(printable),
      exitCode,
      cause,
      ...(hint !== undefined && { hint }),
    },
  );
}

async function lastLines(file: string): Promise<string[]> {
  const text = await readFile(file).then(decodeLog, () => '');
  return text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .slice(-LOG_LINES);
}

/** Windows' logs are UTF-16 with a mark, UTF-8, or the system's 8-bit code page. Pure. */
export function decodeLog(data: Buffer): string {
  if (data[0] === 0xff && data[1] === 0xfe) return data.toString('utf16le', 2);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(data);
  } catch {
    return new TextDecoder('windows-1252').decode(data);
  }
}

/** A program's output may be in a code page of its own: what could not be read becomes a question mark. */
function printable(line: string): string {
  return line.replaceAll('\ufffd', '?').replace(/\p{Cc}+/gu, ' ');
}
