import type { Emit } from '../contract/events.ts';
import type { Ask } from '../steps/context.ts';

/** Questions that everybody who follows the run sees, with what was answered. Secrets are masked at the console too. */
export function announced(ask: Ask, emit: Emit, hide: (text: string) => string): Ask {
  const answer = (text: string | undefined) => emit({ event: 'answer', ...(text !== undefined && { answer: text }) });
  return {
    choose: async (question, choices, options) => {
      const shown = choices.map((choice) => {
        const { name, details, refused } = typeof choice === 'string' ? { name: choice } : choice;
        return {
          name: hide(name),
          ...(details !== undefined && { details: hide(details) }),
          ...(refused !== undefined && { refused: hide(refused) }),
        };
      });
      const lines = shown.map(({ name, refused }) => (refused === undefined ? name : `${name} (${refused})`));
      emit({ event: 'question', kind: 'choose', question, choices: lines });
      const index = await ask.choose(hide(question), shown, options);
      answer(shown[index]?.name);
      return index;
    },
    text: async (question, options) => {
      emit({ event: 'question', kind: 'text', question });
      const text = await ask.text(hide(question), options);
      answer(options?.secret === true ? undefined : text);
      return text;
    },
    key: async (screen, keys, countdown) => {
      const seconds = countdown && { seconds: countdown.seconds };
      emit({ event: 'question', kind: 'key', question: screen, choices: [...keys], ...seconds });
      const key = await ask.key(hide(screen), keys, countdown);
      answer(key);
      return key;
    },
  };
}
