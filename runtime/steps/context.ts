import type { Emit } from '../contract/events.ts';
import type { Machine } from '../contract/machine.ts';
import type { ManifestImage } from '../contract/manifest.ts';
import type { Variables } from '../contract/variables.ts';
import type { Exec } from '../host/exec.ts';
import type { Medium, Platform, Progress, TargetDisk } from '../platform/platform.ts';

/** What a step is given. */
export type StepContext = {
  platform: Platform;
  exec: Exec;
  machine: Machine;
  medium: Medium;
  variables: Variables;
  /** What the steps of one run leave for each other, in plain data. */
  state: RunState;
  /** The images the steps of this sequence will apply. */
  images: readonly ManifestImage[];
  /** Answers to questions; undefined where nobody is there to ask. */
  ask: Ask | undefined;
  /** Where the log of this run is being written. */
  logFile: string;
  emit: Emit;
  signal: AbortSignal;
  log: (level: 'info' | 'warning' | 'error', message: string) => void;
  /** Reports progress of what the step does now. */
  progress: (title: string) => Progress;
  /** A folder for temporary files, removed when the step has ended. */
  temporaryFolder: () => Promise<string>;
  /**
   * Registers what must happen when the whole sequence has ended well and not before: what makes a disk start. A
   * sequence that fails or is cut never gets there, and its disk does not start. The last registered comes first.
   */
  atHandover: (title: string, deed: (signal: AbortSignal) => Promise<void>) => void;
};

/** `target`: the disk that Format and Partition Disk has laid out. */
export type RunState = { target?: TargetDisk };

/** Asks the person at the console to pick one; resolves to its index. */
export type Ask = (question: string, choices: readonly string[]) => Promise<number>;

export type Run<Options> = (options: Options, context: StepContext) => Promise<void>;
