import type { Answers, SequenceAnswer, SomeAnswers } from '../../builder/project/answers.ts';
import type { Template } from '../../builder/templates.ts';
import type { WimImage } from '../../runtime/wim/wim-image.ts';
import type * as prompts from './prompts.ts';

/** What questions are asked and checked with. */
export type AskContext = {
  signal: AbortSignal;
  prompts: typeof prompts;
  /** The folder of the project, absolute. */
  folder: string;
  /** Midnight of today, UTC. */
  today: Date;
  /** The columns of the screen. */
  columns: number;
  templates: readonly Template[];
  /** What the command line answers. */
  given: ReadonlySet<keyof Answers>;
  /** Shows a line or more to the person who is asked. */
  say(text: string): void;
  readImages(source: string): Promise<WimImage[]>;
  /** Resolves where WinPE can be started from this. */
  checkWinpe(source: string): Promise<void>;
  checkSequence(sequence: SequenceAnswer): Promise<void>;
};

export const PAGES = [
  'Kind of medium',
  'Boot environment',
  'Windows images',
  'Driver packages',
  'Task sequences',
  'Security',
  'Output',
] as const;
export type Page = (typeof PAGES)[number];

/** One thing the wizard must know: how a person and a command line are asked for it, and what it is if neither says. */
export type Question<K extends keyof Answers = keyof Answers> = {
  id: K;
  page: Page;
  /** As the command line takes it: `--name <value>`; a switch has no value. */
  flag: string;
  /** Given several times, each one more. */
  repeatable?: boolean;
  words: string;
  /** What each choice means, where there are choices. */
  choices?: Readonly<Record<string, string>>;
  applies(answers: SomeAnswers): boolean;
  /** The answer unless another is given; undefined: there must be one. */
  standard(answers: SomeAnswers, context: AskContext): Answers[K] | undefined;
  /** What the command line gives. A `MediasmithError` says what is wrong with it. */
  read(given: readonly string[], context: AskContext, answers: SomeAnswers): Promise<Answers[K]>;
  ask(context: AskContext, answers: SomeAnswers, standard: Answers[K] | undefined): Promise<Answers[K]>;
};

export type AnyQuestion = { [K in keyof Answers]: Question<K> }[keyof Answers];
