/**
 * What a stub does at one call; nothing said means: it writes nothing and ends with 0. Whatever is said, that of diskpart
 * gives a disk the table, without partitions, of a script that cleans it and says what it is to be called.
 */
export type StubReply = {
  stdout?: string;
  stderr?: string;
  /** Any 32-bit number, as Windows has them. */
  exitCode?: number;
  /** diskpart: does what its script says to the disks and the drives of the room (test/helpers/stand-in-diskpart.ts). */
  acts?: true;
  /** Letters of drives that are there from now on; `promiseDrive` has prepared them. */
  drives?: readonly string[];
  /** Letters that take the place of others, with what is on those drives: as diskpart's `assign`. */
  moved?: Readonly<Record<string, string>>;
  /** Letters of drives that lose their letter: what is on them is there again when a call gives it back by `drives`. */
  gone?: readonly string[];
  /** Text files it writes, by Windows path; their folders are made. A path may begin with {@link APPLY_FOLDER}. */
  files?: Readonly<Record<string, string>>;
  /** Paths, as those of `files`, at which a program appears that is a stub as well: its calls and its plan are with the others. */
  programs?: readonly string[];
  /** Where it writes what it is given on standard input, by Windows path. */
  inputTo?: string;
  /** When all of that is done it goes on only when this file is there: never, when nobody makes it. */
  waitsFor?: string;
};

/** In the place of the folder that the call's `/ApplyDir:` names, or of the one it was started in. */
export const APPLY_FOLDER = '<folder>';

/** By the tool's name without `.exe`: what every call does, or what the first, second... does and then nothing more. */
export type StubPlan = Readonly<Record<string, StubReply | readonly StubReply[]>>;

/** One call as a stub saw it. */
export type StubCall = {
  name: string;
  argv: string[];
  cwd: string;
  /** The content of the file behind `/s`, as diskpart takes its script. */
  script?: string;
};

/** Beside the stub. */
export const PLAN_FILE = 'stub-plan.json';
/** Beside the stub: one file for each call, in order. */
export const CALLS_FOLDER = 'stub-calls';
/** Beside a stub that another has made: holds the folder of that other one. */
export const HOME_FILE = 'stub-home';
