import { closeSync, openSync, readSync, watch } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';

/** Gives each line of a file as it is written; what has come until it is disposed of, also a last line without an end. */
export function followLines(path: string, onLine: (line: string) => void): Disposable {
  const file = openSync(path, 'r');
  const chunk = Buffer.alloc(64 * 1024);
  const decoder = new StringDecoder('utf8');
  let rest = '';
  const read = (): void => {
    for (let count = readSync(file, chunk); count > 0; count = readSync(file, chunk)) {
      const lines = (rest + decoder.write(chunk.subarray(0, count))).split(/\r?\n/);
      rest = lines.pop() ?? '';
      for (const line of lines) onLine(line);
    }
  };
  const watcher = watch(path, read);
  return {
    [Symbol.dispose]() {
      watcher.close();
      read();
      closeSync(file);
      if (rest !== '') onLine(rest);
    },
  };
}
