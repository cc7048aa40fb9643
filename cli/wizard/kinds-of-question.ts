import type { Answers, SomeAnswers } from '../../builder/project/answers.ts';
import { isMediasmithError, MediasmithError } from '../../runtime/contract/errors.ts';
import { explainSystemError } from '../system-error.ts';
import type { AskContext, Page, Question } from './question.ts';

type Common<K extends keyof Answers> = {
  id: K;
  page: Page;
  flag: string;
  words: string;
  applies?: Question<K>['applies'];
};
type WithValue<V> = {
  [K in keyof Answers]: [V] extends [Answers[K]] ? ([Answers[K]] extends [V | null] ? K : never) : never;
}[keyof Answers];

const always = (): boolean => true;

/** One of a few words, each with what it means. */
export function choice<K extends keyof Answers>(
  question: Common<K> & {
    choices: Readonly<Record<Answers[K] & string, string>>;
    standard: (context: AskContext) => Answers[K] & string;
  },
): Question<K> {
  const choices: Readonly<Record<string, string>> = question.choices;
  const known = Object.keys(choices);
  return {
    applies: always,
    ...question,
    standard: (_, context) => question.standard(context),
    read: async ([given = '']) => {
      if (known.includes(given)) return given as Answers[K];
      throw refusal(question.flag, `"${given}" is not one of ${known.join(', ')}`);
    },
    ask: async (context, _, standard = question.standard(context)) => {
      const { prompts, signal } = context;
      const list = Object.entries(choices).map(([value, name]) => ({ value, name }));
      return (await prompts.select(signal, {
        message: question.words,
        choices: list,
        standard: String(standard),
      })) as Answers[K];
    },
  };
}

/** Yes or no; on the command line a switch. */
export function yesOrNo<K extends WithValue<boolean>>(question: Common<K> & { standard: boolean }): Question<K> {
  return {
    applies: always,
    ...question,
    standard: () => question.standard as Answers[K],
    read: async ([given]) => (given === 'true') as Answers[K],
    ask: async ({ prompts, signal }, _, standard) =>
      (await prompts.confirm(signal, { message: `${question.words}?`, standard: standard === true })) as Answers[K],
  };
}

type Text = {
  /** What stands there unless something else is given; null: nothing; undefined: something must be given. */
  standard: (answers: SomeAnswers, context: AskContext) => string | null | undefined;
  /** What is kept of what was given; throws a `MediasmithError` that says what is wrong with it. */
  check: (given: string, context: AskContext, answers: SomeAnswers) => string | Promise<string>;
  /** What takes a while to find out; throws as `check` does. */
  examine?: (kept: string, context: AskContext) => Promise<void>;
  /** Why there must be something. By default there need not be. */
  needed?: (answers: SomeAnswers) => string | undefined;
};

/** A line of text; where there may be none, `-` says so against a standard answer. */
export function text<K extends WithValue<string>>(question: Common<K> & Text): Question<K> {
  const { needed = () => undefined, examine = async () => undefined } = question;
  const keep = async (given: string, context: AskContext, answers: SomeAnswers): Promise<Answers[K]> => {
    if (given !== '' && given !== '-') return (await question.check(given, context, answers)) as Answers[K];
    const why = needed(answers);
    if (why !== undefined) throw refusal(question.flag, why);
    return null as Answers[K];
  };
  return {
    applies: always,
    ...question,
    standard: (answers, context) => question.standard(answers, context) as Answers[K] | undefined,
    read: async ([given = ''], context, answers) => {
      const kept = await keep(given, context, answers);
      if (typeof kept === 'string') await examine(kept, context);
      return kept;
    },
    ask: async (context, answers, standard) => {
      const optional = needed(answers) === undefined;
      const hint = optional ? (typeof standard === 'string' ? ' (- for none)' : ' (Enter: none)') : '';
      for (;;) {
        const given = await context.prompts.input(context.signal, {
          message: `${question.words}${hint}:`,
          ...(typeof standard === 'string' && { standard }),
          check: (typed) => complaint(() => keep(typed, context, answers)),
        });
        const kept = await keep(given, context, answers);
        const wrong = typeof kept === 'string' ? await complaint(() => examine(kept, context)) : undefined;
        if (wrong === undefined) return kept;
        context.say(wrong);
      }
    },
  };
}

/** What is wrong with an answer in words for the line below the prompt, or nothing. */
export async function complaint(check: () => unknown): Promise<string | undefined> {
  try {
    await check();
    return undefined;
  } catch (thrown) {
    const error = explainSystemError(thrown);
    if (!isMediasmithError(error) || error.code === 'INTERRUPTED') throw thrown;
    const [problem] = error.problems;
    return [problem?.message ?? error.message, ...error.lines, error.hint ?? '']
      .filter((line) => line !== '')
      .join('\n');
  }
}

/** `USAGE`: what was given cannot be taken. */
export function refusal(flag: string, message: string, hint?: string): MediasmithError {
  const [name = flag] = flag.split(' ');
  return new MediasmithError('USAGE', message, { where: name, ...(hint !== undefined && { hint }) });
}
