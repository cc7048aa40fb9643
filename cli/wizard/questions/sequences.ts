import type { SequenceAnswer, SomeAnswers } from '../../../builder/project/answers.ts';
import type { Template } from '../../../builder/templates.ts';
import { closest } from '../../../runtime/sequence/closest.ts';
import { fit } from '../fit.ts';
import { complaint, refusal } from '../kinds-of-question.ts';
import type { AskContext, Question } from '../question.ts';
import { ASKED, offeredTemplates, sequencesFrom, standardSequences } from '../sequence-values.ts';

const FLAG = '--sequence <template[:key=value,...]>';
const page = 'Task sequences';

export const SEQUENCES: Question<'sequences'> = {
  id: 'sequences',
  page,
  flag: FLAG,
  repeatable: true,
  words: 'Template of a task sequence, with its parameters',
  applies: ({ kind }) => kind !== 'bootable',
  standard: (answers, { templates }) => standardSequences(templates, answers),
  read: async (given, context, answers) => {
    const sequences: SequenceAnswer[] = [];
    for (const text of given) sequences.push(...(await readSequences(text, context, answers, sequences)));
    return sequences;
  },
  ask: async (context, answers) => {
    const sequences: SequenceAnswer[] = [];
    for (const name of await chooseTemplates(context, answers)) {
      for (const sequence of sequencesFrom(name, context.templates, answers, sequences)) {
        sequences.push(await askValues(sequence, context, answers, sequences));
      }
    }
    return sequences;
  },
};

async function readSequences(
  text: string,
  { templates, checkSequence }: AskContext,
  answers: SomeAnswers,
  others: readonly SequenceAnswer[],
): Promise<SequenceAnswer[]> {
  const [name = '', list = ''] = /^([^:]*)(?::(.*))?$/s.exec(text)?.slice(1) ?? [];
  const template = templates.find((other) => other.name === name);
  if (template === undefined) {
    const names = templates.map((other) => other.name);
    throw refusal(FLAG, `there is no template "${name}"`, meant(name, names));
  }
  const given = readValues(list, template);
  const derived = sequencesFrom(name, templates, answers, others);
  const wanted = given.image === undefined ? derived : derived.slice(0, 1);
  const sequences = wanted.map(({ values }) => ({ template: name, values: { ...values, ...given } }));
  for (const sequence of sequences) {
    refuseUnknownImage(sequence, answers);
    await checkSequence(sequence);
  }
  return sequences;
}

/** A comma separates parameters only where another name and = follow: values may have commas. */
function readValues(list: string, { name: template, parameters }: Template): Record<string, string> {
  const names = parameters.map(({ name }) => name);
  const parts = list === '' ? [] : list.split(/,(?=[a-z][A-Za-z0-9]*=)/);
  return Object.fromEntries(
    parts.map((part) => {
      const [name = '', ...rest] = part.split('=');
      if (names.includes(name) && rest.length > 0) return [name, rest.join('=')];
      throw refusal(FLAG, `${template} has no parameter "${name}"`, meant(name, names));
    }),
  );
}

function refuseUnknownImage({ values }: SequenceAnswer, { images = [] }: SomeAnswers): void {
  const names = images.map(({ name }) => name);
  if (values.image === undefined || names.includes(values.image)) return;
  throw refusal(FLAG, `there is no image "${values.image}"`, meant(values.image, names));
}

function meant(name: string, names: readonly string[]): string {
  const near = closest(name, names);
  return near === undefined ? `There are: ${names.join(', ') || 'none'}.` : `Did you mean "${near}"?`;
}

function chooseTemplates({ prompts, signal, templates, columns }: AskContext, answers: SomeAnswers): Promise<string[]> {
  const standard = standardSequences(templates, answers).map(({ template }) => template);
  const offered = offeredTemplates(templates, answers);
  const choices = offered
    .toSorted((a, b) => Number(standard.includes(b.name)) - Number(standard.includes(a.name)))
    .map(({ name, title, description }) => ({
      value: name,
      name: fit(title, columns - 6),
      description: fit(description, columns),
      checked: standard.includes(name),
    }));
  return prompts.checkbox(signal, { message: 'Task sequences to begin with', choices, required: true });
}

async function askValues(
  sequence: SequenceAnswer,
  context: AskContext,
  answers: SomeAnswers,
  others: readonly SequenceAnswer[],
): Promise<SequenceAnswer> {
  const { prompts, signal, templates, columns, say } = context;
  const { template, values } = sequence;
  const parameters = templates.find(({ name }) => name === template)?.parameters ?? [];
  const standing = (name: string): string =>
    values[name] ?? parameters.find((parameter) => parameter.name === name)?.default ?? '';
  const given: Record<string, string> = { ...values };
  const askFor = async (name: string): Promise<void> => {
    // What was said for one sequence is likely so for the next.
    const last = others.findLast((other) => other.template === template)?.values[name];
    const description = parameters.find((parameter) => parameter.name === name)?.description ?? name;
    given[name] = await prompts.input(signal, {
      message: `${description}:`,
      standard: ASKED[template]?.includes(name) === true && last !== undefined ? last : standing(name),
      check: (typed) =>
        complaint(() => {
          const changed = { template, values: { ...given, [name]: typed } };
          refuseUnknownImage(changed, answers);
          return context.checkSequence(changed);
        }),
    });
  };
  say(`${standing('name')}:`);
  for (const name of ASKED[template] ?? []) await askFor(name);
  if (!(await prompts.confirm(signal, { message: 'Change more of this sequence?', standard: false }))) {
    return { template, values: given };
  }
  const changeable = parameters.filter(({ name }) => ASKED[template]?.includes(name) !== true);
  const changed = await prompts.checkbox(signal, {
    message: 'What to change',
    choices: changeable.map(({ name, description }) => ({
      value: name,
      short: name,
      name: fit(`${name}: ${standing(name)}`, columns - 6),
      description: fit(description, columns),
    })),
  });
  for (const name of changed) await askFor(name);
  return { template, values: given };
}
