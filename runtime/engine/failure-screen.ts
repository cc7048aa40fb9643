import { isMediasmithError } from '../contract/errors.ts';
import { CONSOLE_LINES, CONSOLE_WIDTH, labelledLines } from '../host/console-text.ts';

export type FailureView = {
  sequence: string;
  /** "Step 3 of 12, Apply Operating System". */
  step: string;
  error: unknown;
  /** As people find it. */
  logFile: string;
  commandPrompt: boolean;
};

/** The keys of the screen and what they do. */
export const FAILURE_KEYS = { R: 'retry', M: 'menu', P: 'command-prompt', S: 'restart', D: 'shutdown' } as const;
export type FailureKey = keyof typeof FAILURE_KEYS;

const KEY_LINES: readonly (readonly [FailureKey, string])[][] = [
  [
    ['R', 'Retry the step'],
    ['M', 'Back to the sequence menu'],
    ['P', 'Command prompt'],
  ],
  [
    ['S', 'Restart'],
    ['D', 'Shut down'],
  ],
];
const KEY_COLUMN = 31;
/** Of a command line that may have 32000 characters. */
const MOST_LINES_EACH = 3;
const LEAST_TAIL = 3;

/** The keys that a machine offers. */
export function failureKeys({ commandPrompt }: Pick<FailureView, 'commandPrompt'>): FailureKey[] {
  return KEY_LINES.flat()
    .map(([key]) => key)
    .filter((key) => key !== 'P' || commandPrompt);
}

/** Pure: what a person sees when a step has ended the sequence; with the prompt below it, one screen of a console. */
export function drawFailure(view: FailureView): string {
  const { sequence, step, error, logFile } = view;
  const head = [
    '='.repeat(CONSOLE_WIDTH),
    ...few(labelledLines('', `The task sequence "${sequence}" has failed.`)),
    '',
    ...few(labelledLines('Step:   ', step)),
    ...reasonLines(error),
  ];
  const foot = ['', ...few(labelledLines('Log:    ', logFile)), '', ...keyLines(view)];
  const room = Math.max(LEAST_TAIL, CONSOLE_LINES - 2 - head.length - foot.length - 1);
  const tail = tailOf(error).slice(-room);
  return [...head, ...(tail.length === 0 ? [] : ['', ...tail]), ...foot].join('\n');
}

function reasonLines(error: unknown): string[] {
  const message = error instanceof Error ? error.message : String(error);
  if (!isMediasmithError(error)) return few(labelledLines('Error:  ', message));
  const { code, where, hint, exitCode } = error;
  const program = exitCode === undefined ? '' : ` (exit code ${exitCode})`;
  return [
    ...few(labelledLines('Error:  ', `${message}`)),
    ...few(labelledLines('Code:   ', `${code}${program}`)),
    ...(where === undefined ? [] : few(labelledLines('Where:  ', where))),
    ...(hint === undefined ? [] : few(labelledLines('To do:  ', hint))),
  ];
}

/** What the program said last, each line shortened to one of the console. */
function tailOf(error: unknown): string[] {
  if (!isMediasmithError(error)) return [];
  return error.lines.flatMap((line) => labelledLines('    ', line).slice(0, 1));
}

function keyLines(view: FailureView): string[] {
  const offered = failureKeys(view);
  return KEY_LINES.map((keys) =>
    keys
      .filter(([key]) => offered.includes(key))
      .map(([key, text]) => `${key}  ${text}`.padEnd(KEY_COLUMN))
      .join('')
      .trimEnd(),
  );
}

function few(lines: readonly string[]): string[] {
  if (lines.length <= MOST_LINES_EACH) return [...lines];
  const kept = lines.slice(0, MOST_LINES_EACH);
  return [...kept.slice(0, -1), `${kept.at(-1)?.slice(0, CONSOLE_WIDTH - 4)} ...`];
}
