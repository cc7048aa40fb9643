import { expect, it } from 'vitest';
import { Answers } from '../../../../builder/project/answers.ts';
import { buildProgram } from '../../../../cli/program.ts';
import { givenAnswers, wizardFlags } from '../../../../cli/wizard/flags.ts';
import { PAGES } from '../../../../cli/wizard/question.ts';
import { nameOf, QUESTIONS } from '../../../../cli/wizard/questions.ts';

it('asks for every answer once, page by page', () => {
  expect(QUESTIONS.map(({ id }) => id).sort()).toEqual(Object.keys(Answers.shape).sort());
  const pages = QUESTIONS.map(({ page }) => PAGES.indexOf(page));
  expect(pages).toEqual(pages.toSorted((a, b) => a - b));
  expect(new Set(pages).size).toBe(PAGES.length);
});

it('asks in lines that fit a screen beside their answers', () => {
  for (const { words, repeatable } of QUESTIONS) if (repeatable !== true) expect(words.length, words).toBeLessThan(65);
});

it('gives every question its flag on the command line', () => {
  const command = buildProgram(wizardFlags()).commands.find((one) => one.name() === 'init');
  const flags = command?.options.map(({ flags }) => flags);
  for (const { flag } of QUESTIONS) expect(flags).toContain(flag);
  expect(new Set(flags).size).toBe(flags?.length);
  expect(wizardFlags().map(({ flag }) => flag)).toContain('--no-unattended');
});

it('finds what commander was given for each question', () => {
  const command = buildProgram(wizardFlags()).commands.find((one) => one.name() === 'init');
  const texts = QUESTIONS.flatMap(({ flag, choices }) => {
    const value = choices === undefined ? '7' : Object.keys(choices)[0];
    return flag.includes('<') ? [nameOf(flag), value ?? ''] : [flag];
  });
  command?.parseOptions([...texts, '--image', '8']);
  const given = givenAnswers(command?.opts() ?? {});
  expect([...given.keys()]).toEqual(QUESTIONS.map(({ id }) => id));
  expect(given.get('images')).toEqual(['7', '8']);
  expect(given.get('unattended')).toEqual(['true']);
});
