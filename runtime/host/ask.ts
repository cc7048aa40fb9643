import { createInterface } from 'node:readline/promises';
import { consoleLines } from './console-text.ts';

export type AskOptions = {
  /** Ends the question with the signal's reason. */
  signal?: AbortSignal;
  input?: NodeJS.ReadableStream;
  output?: NodeJS.WritableStream;
};

/** Asks the person at the console to pick one of several by its number; asks again until the answer is one. */
export async function askOnConsole(
  question: string,
  choices: readonly string[],
  { signal, input = process.stdin, output = process.stdout }: AskOptions = {},
): Promise<number> {
  const console = createInterface({ input, output });
  try {
    const list = choices.map((choice, index) => `  ${index + 1}  ${choice}`).join('\n');
    for (;;) {
      const text = `${consoleLines(`\n${question}\n${list}`)}Number: `;
      const answer = Number(await (signal === undefined ? console.question(text) : console.question(text, { signal })));
      if (Number.isInteger(answer) && answer >= 1 && answer <= choices.length) return answer - 1;
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    console.close();
  }
}
