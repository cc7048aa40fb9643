import { input, isInteractive } from '../../wizard/prompts.ts';

/** How a person is told and asked. */
export type Prompter = {
  show(text: string): void;
  /** Resolves to what was typed, without the spaces around it. */
  input(message: string): Promise<string>;
};

/** The person at this terminal; undefined where there is none. Standard output stays free for the result. */
export function terminalPrompter(signal: AbortSignal): Prompter | undefined {
  if (!isInteractive()) return undefined;
  return {
    show: (text) => void process.stderr.write(text),
    input: (message) => input(signal, { message }),
  };
}
