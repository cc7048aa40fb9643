import { closeSync, fstatSync, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What libwim has to say beyond an error code. Its messages are the process's and not one call's. */
export type ErrorLog = {
  /** Now, as a place in the log. */
  mark(): number;
  linesSince(mark: number): string[];
};

const MOST_BYTES = 16 * 1024;
const MOST_LINES = 12;

const NO_LOG: ErrorLog = { mark: () => 0, linesSince: () => [] };

/**
 * Sends the library's messages to a temporary file that has no name any more, so that nothing is left behind however
 * the process ends. Where there can be no such file the log stays empty: the error codes say the essential.
 */
export function openErrorLog(sendMessagesTo: (path: string) => boolean): ErrorLog {
  if (process.platform === 'win32') return NO_LOG;
  let folder: string | undefined;
  try {
    folder = mkdtempSync(join(tmpdir(), 'mediasmith-wim-'));
    const path = join(folder, 'messages');
    const file = openSync(path, 'a+');
    if (sendMessagesTo(path)) return logOf(file);
    closeSync(file);
    return NO_LOG;
  } catch {
    return NO_LOG;
  } finally {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  }
}

function logOf(file: number): ErrorLog {
  const size = () => fstatSync(file).size;
  return {
    mark: size,
    linesSince: (mark) => {
      const start = Math.max(mark, size() - MOST_BYTES);
      const bytes = Buffer.alloc(MOST_BYTES);
      const length = readSync(file, bytes, 0, MOST_BYTES, start);
      return messageLines(bytes.toString('utf8', 0, length)).slice(-MOST_LINES);
    },
  };
}

/** The library's messages without its marks, one line each; continuation lines are joined to their message. */
export function messageLines(text: string): string[] {
  const lines: string[] = [];
  for (const line of text.split(/\r?\n/)) {
    const message = /^\s*\[(?:ERROR|WARNING)\]\s*(.*)$/.exec(line)?.[1];
    if (message !== undefined) lines.push(message);
    else if (line.trim() !== '') lines.push(`${lines.pop() ?? ''} ${line.trim()}`.trim());
  }
  return lines;
}
