import type { Answers, SomeAnswers } from '../../builder/project/answers.ts';
import { MediasmithError } from '../../runtime/contract/errors.ts';
import { refusal } from './kinds-of-question.ts';
import { type AnyQuestion, type AskContext, PAGES, type Page, type Question } from './question.ts';
import { nameOf, QUESTIONS } from './questions.ts';

export type Given = ReadonlyMap<AnyQuestion['id'], readonly string[]>;

type Answer = Answers[keyof Answers];

type Options = {
  given: Given;
  /** What was answered before. */
  kept: SomeAnswers;
  /** Somebody is there to be asked; else standard answers are taken. */
  interactive: boolean;
  /** Called after each page with all there is until then. */
  onPage: (answers: SomeAnswers) => Promise<void>;
};

/** Goes through the questions: what is given or was kept is not asked. `ANSWER_MISSING` names every flag that must be given. */
export async function askAll(context: AskContext, options: Options): Promise<SomeAnswers> {
  const answers: SomeAnswers = {};
  const missing: Question[] = [];
  for (const page of PAGES) {
    missing.push(...(await answerPage(page, answers, context, options)));
    await options.onPage(answers);
  }
  refuseMissing(missing);
  return answers;
}

/** Puts the answers of one page to the others; returns the questions that nobody has answered. */
async function answerPage(
  page: Page,
  answers: SomeAnswers,
  context: AskContext,
  { given, kept, interactive }: Options,
): Promise<Question[]> {
  const missing: Question[] = [];
  const from = { kept: false, asked: false };
  const ask = (question: Question, standard: Answer | undefined): Promise<Answer> => {
    if (!from.asked) context.say(`\n${page} (${PAGES.indexOf(page) + 1} of ${PAGES.length})`);
    from.asked = true;
    return question.ask(context, answers, standard);
  };
  // Each answer belongs to its question, which the types of a list cannot say.
  for (const question of QUESTIONS.filter((one) => one.page === page) as unknown as Question[]) {
    const texts = given.get(question.id);
    const put = (answer: Answer): void => void Object.assign(answers, { [question.id]: answer });
    if (!question.applies(answers)) {
      if (texts !== undefined) refuseIdle(question);
      continue;
    }
    const standard = question.standard(answers, context);
    const before = kept[question.id];
    if (texts !== undefined) put(await question.read(texts, context, answers));
    else if (before !== undefined) {
      put(before);
      from.kept = true;
    } else if (interactive) put(await ask(question, standard));
    else if (standard !== undefined) put(standard);
    else missing.push(question);
  }
  if (interactive && from.kept && !from.asked) context.say(`Kept from the last time: ${page}`);
  return missing;
}

function refuseIdle({ flag }: Question): never {
  throw refusal(flag, `${nameOf(flag)} has no meaning beside the other answers`, 'Leave it out, or change the others.');
}

function refuseMissing(missing: readonly Question[]): void {
  if (missing.length === 0) return;
  const names = missing.map(({ flag }) => nameOf(flag));
  throw new MediasmithError('ANSWER_MISSING', `there is nobody to ask, and these are missing: ${names.join(', ')}`, {
    lines: missing.map(({ flag, words }) => `${flag}: ${words}`),
    hint: 'Give these flags, or run it in a terminal.',
  });
}
