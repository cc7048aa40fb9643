import { createInterface } from 'node:readline/promises';

/** Asks the person at the console to pick one of several by its number; asks again until the answer is one. */
export async function askOnConsole(question: string, choices: readonly string[]): Promise<number> {
  const console = createInterface({ input: process.stdin, output: process.stdout });
  try {
    const list = choices.map((choice, index) => `  ${index + 1}  ${choice}`).join('\n');
    for (;;) {
      const answer = Number(await console.question(`\n${question}\n${list}\nNumber: `));
      if (Number.isInteger(answer) && answer >= 1 && answer <= choices.length) return answer - 1;
    }
  } finally {
    console.close();
  }
}
