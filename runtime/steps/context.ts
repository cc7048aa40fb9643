import type { Emit } from '../contract/events.ts';
import type { ConditionFacts } from '../contract/facts.ts';
import type { ImageKind } from '../contract/image-room.ts';
import type { Machine } from '../contract/machine.ts';
import type { ManifestFile, ManifestImage } from '../contract/manifest.ts';
import type { Environment } from '../contract/step.ts';
import type { Variables } from '../contract/variables.ts';
import type { Ask } from '../host/ask.ts';
import type { Argv, Exec, ExecOptions, ExecResult } from '../host/exec.ts';
import type { Medium, Platform, Progress, TargetDisk, TemporaryFolder } from '../platform/platform.ts';

export type { Ask } from '../host/ask.ts';

/** What a step is given. */
export type StepContext = {
  platform: Platform;
  exec: Exec;
  /**
   * Runs a program whose exit code the sequence judges: by the step's success codes, of which 3010 and 1641 also ask for
   * a restart. Its lines go to the log, secrets are masked, the step's time is its time.
   */
  run: (argv: Argv, options?: Omit<ExecOptions, 'secrets' | 'signal'>) => Promise<ExecResult>;
  machine: Machine;
  medium: Medium;
  variables: Variables;
  /** What conditions ask, for steps that have some of their own. */
  facts: ConditionFacts;
  /** What the steps of one run leave for each other, in plain data. It survives a restart. */
  state: RunState;
  /** The images the steps of this sequence will apply. */
  images: readonly ManifestImage[];
  /** Which of them goes onto which volume, where this step lays out the disk. */
  fills: readonly Fill[];
  /** What is copied onto the disk before it is used, in this order; undefined where the medium stays in its drive. */
  contentToKeep?: readonly ManifestFile[] | undefined;
  /** Counts from 1; above 1 the step has failed or been cut in its middle before. */
  attempt: number;
  /** Answers to questions; undefined where nobody is there to ask. */
  ask: Ask | undefined;
  /** Where the log of this run is being written. */
  logFile: string;
  emit: Emit;
  signal: AbortSignal;
  log: (level: 'info' | 'warning' | 'error', message: string) => void;
  /** Reports progress of what the step does now. */
  progress: (title: string) => Progress;
  /** Waits; a simulation does not. */
  wait: (seconds: number) => Promise<void>;
  /** A folder for temporary files, the same for the whole step, removed when the step has ended. */
  temporaryFolder: () => Promise<TemporaryFolder>;
  /**
   * Has the machine restart when this step has ended well, and the sequence go on after it: where it is, unless told. By
   * a shutdown, somebody has to switch it on again. What the notice leaves open, variables say.
   */
  requestRestart: (into?: Environment, by?: 'restart' | 'shutdown', notice?: RestartNotice) => void;
  /**
   * Registers what must happen when the disk is to start and not before: when the whole sequence has ended well, or
   * goes on in the Windows it has deployed. A sequence that fails or is cut earlier never gets there, and its disk does
   * not start. The last registered comes first. `data` is plain and survives a restart; the step's own hand-over gets it.
   */
  atHandover: (data: HandoverData) => void;
  /**
   * Writes `state` now, and not when the step has ended: before the step does what cannot be told from the disk later, or
   * takes the disk on which the state of the run has lain until now.
   */
  keepState: () => Promise<void>;
};

/**
 * `volume`: as the step names it that applies the image; undefined where a step before that one sets its variable. `sure`:
 * where this step runs, so does that one. `elsewhere`: the volume may be that of another layout.
 */
export type Fill = {
  image: ManifestImage;
  kind: ImageKind;
  volume: string | undefined;
  sure: boolean;
  elsewhere: boolean;
};

/** How long those who are at the machine may go on, and what they are told. */
export type RestartNotice = { message?: string | undefined; seconds?: number | undefined };

export type HandoverData = Readonly<Record<string, unknown>>;

/**
 * A volume that was not laid out in this run and that a step fills. `key` stands for the step's own words, so that it is
 * known again when the step runs again and nothing on the volume says any more what it was.
 */
export type ReplacedVolume = { key: string; disk: TargetDisk; volume: number; keep: readonly string[] };

/** `target`: the disk that Format and Partition Disk has laid out, or whose Windows is being replaced. */
export type RunState = { target?: TargetDisk; replaced?: readonly ReplacedVolume[] };

export type Run<Options> = (options: Options, context: StepContext) => Promise<void>;

/** What a step does at the hand-over with the data it has registered. */
export type HandOver = (data: HandoverData, context: StepContext) => Promise<void>;
