import { type KeyInput, readKeys } from './console-keys.ts';
import { type Choice, menuPages, pickable } from './console-menu.ts';
import { CLEAR_LINE, consoleLines, plainText } from './console-text.ts';

export type { Choice } from './console-menu.ts';

/** Questions to the person at the machine. Each ends with the reason of the run's signal when that is interrupted. */
export type Ask = {
  /** To pick one of several; resolves to its index. `preferred`: what Enter alone picks. */
  choose(question: string, choices: readonly (string | Choice)[], options?: ChooseOptions): Promise<number>;
  /** To type a line, which may be empty. A secret one is shown as asterisks. */
  text(question: string, options?: { secret?: boolean }): Promise<string>;
  /**
   * To press one of the keys, in capitals; resolves to it, or to undefined when the countdown has come to its end. Any key
   * at all stops the countdown, unless that is one that goes on.
   */
  key(screen: string, keys: readonly string[], countdown?: Countdown): Promise<string | undefined>;
};

export type ChooseOptions = { preferred?: number | undefined };
/**
 * `what`: what happens at its end, as a sentence without its full stop: "The machine restarts". `goesOn`: no key stops it;
 * those that answer have it happen at once.
 */
export type Countdown = { seconds: number; what: string; goesOn?: boolean };

export type AskOptions = {
  /** Ends the question with the signal's reason. */
  signal?: AbortSignal;
  input?: KeyInput;
  output?: NodeJS.WritableStream;
};

/** Questions at the console of this process. */
export function consoleAsk(options: AskOptions = {}): Ask {
  return {
    choose: (question, choices, more) => askOnConsole(question, choices, { ...options, ...more }),
    text: (question, { secret = false } = {}) => askForText(question, secret, options),
    key: (screen, keys, countdown) => askForKey(screen, keys, countdown, options),
  };
}

/** Asks the person at the console to pick one of several by its number; asks again until the answer is one. */
export async function askOnConsole(
  question: string,
  choices: readonly (string | Choice)[],
  { preferred, ...options }: AskOptions & ChooseOptions = {},
): Promise<number> {
  const { output } = withDefaults(options);
  const list = choices.map((choice) => (typeof choice === 'string' ? { name: choice } : choice));
  const indices = pickable(list);
  const pages = menuPages(question, list);
  const enter = preferred === undefined ? -1 : indices.indexOf(preferred);
  for (let page = 0; ; ) {
    output.write(`${CLEAR_LINE}${pages[page]}Number${promptHints(enter, page, pages.length)}: `);
    const answer = (await readLine(false, options)).trim().toLowerCase();
    const index = indices[answer === '' ? enter : Number(answer) - 1];
    if (index !== undefined) return index;
    if (answer === 'n') page = (page + 1) % pages.length;
    if (answer === 'p') page = (page + pages.length - 1) % pages.length;
  }
}

function promptHints(preferred: number, page: number, pages: number): string {
  const hints = [
    ...(preferred < 0 ? [] : [`Enter: ${preferred + 1}`]),
    ...(pages === 1 ? [] : [`page ${page + 1} of ${pages}`, 'N: next', 'P: previous']),
  ];
  return hints.length === 0 ? '' : ` (${hints.join(', ')})`;
}

async function askForText(question: string, secret: boolean, options: AskOptions): Promise<string> {
  const { output } = withDefaults(options);
  output.write(`${CLEAR_LINE}${consoleLines(`\n${question}`).trimEnd()}: `);
  return readLine(secret, options);
}

const SECOND = 1000;

async function askForKey(
  screen: string,
  keys: readonly string[],
  countdown: Countdown | undefined,
  options: AskOptions,
): Promise<string | undefined> {
  const { output, input, signal } = withDefaults(options);
  const names = [keys.slice(0, -1).join(', '), keys.at(-1)].filter(Boolean).join(' or ');
  const hint = countdown?.goesOn === true ? `${names}: at once` : 'any key stops the countdown';
  output.write(`${CLEAR_LINE}\n${consoleLines(screen)}`);
  const prompt = (text: string): boolean => output.write(`${CLEAR_LINE}${plainText(text)}`);
  let left = countdown?.seconds ?? 0;
  const over = new AbortController();
  const draw = (): boolean => prompt(`${countdown?.what} in ${left} s; ${hint}. `);
  const timer = setInterval(() => {
    left -= 1;
    if (left > 0) draw();
    else over.abort();
  }, SECOND);
  const stop = (): void => {
    clearInterval(timer);
    prompt(`Press ${names}: `);
  };
  if (countdown === undefined) stop();
  else draw();
  try {
    const ends = signal === undefined ? over.signal : AbortSignal.any([signal, over.signal]);
    const pressed = await readKeys({ input, signal: ends }, (text, { name = text }) => {
      const key = name === 'return' ? 'ENTER' : name.toUpperCase();
      if (keys.includes(key)) return { answer: key };
      if (countdown?.goesOn !== true) stop();
      return undefined;
    });
    output.write(`${CLEAR_LINE}${pressed}\n`);
    return pressed;
  } catch (error) {
    output.write('\n');
    if (over.signal.aborted && signal?.aborted !== true) return undefined;
    throw error;
  } finally {
    clearInterval(timer);
  }
}

/** What is typed up to Enter, shown while it is. In Unicode's form NFC: a letter with an accent is one, however it was typed. */
async function readLine(secret: boolean, options: AskOptions): Promise<string> {
  const { input, output, signal } = withDefaults(options);
  const typed: string[] = [];
  const line = await readKeys({ input, signal }, (text, { name, ctrl, meta }) => {
    if (name === 'return' || name === 'enter') return { answer: typed.join('') };
    if (name === 'backspace') {
      if (typed.pop() !== undefined) output.write('\b \b');
    } else if (ctrl !== true && meta !== true && /^\P{Cc}+$/u.test(text)) {
      const before = /^\p{M}/u.test(text) ? typed.pop() : undefined;
      const letter = `${before ?? ''}${text}`.normalize('NFC');
      typed.push(letter);
      output.write(`${before === undefined ? '' : '\b'}${secret ? '*' : plainText([...letter][0] ?? '')}`);
    }
    return undefined;
  });
  output.write('\n');
  return line;
}

function withDefaults({ input = process.stdin, output = process.stdout, signal }: AskOptions) {
  return { input, output, signal };
}
