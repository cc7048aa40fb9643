import type { Ask, Choice } from '../../runtime/host/ask.ts';

type Name = (choice: string | Choice) => string;
const nameOf: Name = (choice) => (typeof choice === 'string' ? choice : choice.name);

/** Somebody who only picks: `pick` is given the question and the names of the choices. */
export function asking(pick: (question: string, choices: readonly string[]) => Promise<number>): Ask {
  return { ...nobody, choose: (question, choices) => pick(question, choices.map(nameOf)) };
}

function notAsked(): Promise<never> {
  return Promise.reject(new Error('nobody was to be asked'));
}

/** Fails at every question. */
export const nobody: Ask = { choose: notAsked, text: notAsked, key: notAsked };

/** Gives prepared answers, and keeps what was asked, each as it was put. */
export class Answers implements Ask {
  readonly asked: unknown[] = [];
  readonly #answers: (number | string | undefined)[];

  constructor(...answers: (number | string | undefined)[]) {
    this.#answers = answers;
  }

  choose = async (...question: Parameters<Ask['choose']>): Promise<number> => {
    const answer = this.#next(question);
    if (typeof answer === 'number') return answer;
    throw new Error(`${answer} is not a choice: ${JSON.stringify(question)}`);
  };

  text = async (...question: Parameters<Ask['text']>): Promise<string> => {
    const answer = this.#next(question);
    if (typeof answer === 'string') return answer;
    throw new Error(`${answer} is not a text: ${JSON.stringify(question)}`);
  };

  /** Undefined: nobody has pressed any in time. */
  key = async (...question: Parameters<Ask['key']>): Promise<string | undefined> => {
    const answer = this.#next(question);
    if (answer === undefined) return undefined;
    if (typeof answer === 'string' && question[1].includes(answer)) return answer;
    throw new Error(`${answer} is none of the keys: ${JSON.stringify(question)}`);
  };

  #next(question: unknown): number | string | undefined {
    this.asked.push(question);
    if (this.#answers.length === 0) throw new Error(`more was asked than answered: ${JSON.stringify(question)}`);
    return this.#answers.shift();
  }
}
