/** What a stub does at one call; nothing said means: it writes nothing and ends with 0. */
export type StubReply = {
  stdout?: string;
  stderr?: string;
  /** Any 32-bit number, as Windows has them. */
  exitCode?: number;
  /** Letters of drives that are there from now on; `promiseDrive` has prepared them. */
  drives?: readonly string[];
  /** Text files it writes, by Windows path; their folders are made. */
  files?: Readonly<Record<string, string>>;
};

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
