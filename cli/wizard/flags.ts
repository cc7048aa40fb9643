import type { Given } from './ask-all.ts';
import { nameOf, QUESTIONS } from './questions.ts';

/** A flag of the command line, as commander describes it. */
export type WizardFlag = { flag: string; description: string; choices?: readonly string[]; repeatable: boolean };

/** The flags of every question; a switch has a second one for no. */
export function wizardFlags(): WizardFlag[] {
  return QUESTIONS.flatMap(({ flag, words, choices, repeatable = false }) => {
    // Names keep their capital letters.
    const description = /^([A-Z]{2}|Win)/.test(words) ? words : `${words[0]?.toLowerCase()}${words.slice(1)}`;
    const own = { flag, description, repeatable, ...(choices !== undefined && { choices: Object.keys(choices) }) };
    return flag.includes('<') ? [own] : [own, { ...own, flag: flag.replace(/^--/, '--no-'), description: 'not so' }];
  });
}

/** What the command line answers, by question; a flag that is given with nothing says "none". */
export function givenAnswers(options: Readonly<Record<string, unknown>>): Given {
  return new Map(
    QUESTIONS.flatMap(({ id, flag }) => {
      const value = options[optionOf(flag)];
      if (value === undefined) return [];
      return [[id, Array.isArray(value) ? value.map(String) : [String(value)]] as const];
    }),
  );
}

/** What commander calls the value of a flag: that of `--valid-until <date>` is `validUntil`. */
function optionOf(flag: string): string {
  return nameOf(flag)
    .replace(/^--/, '')
    .replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
