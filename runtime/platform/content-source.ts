import type { ManifestFile } from '../contract/manifest.ts';
import type { AskForDisc, MediumFiles, MountedMedium } from './platform.ts';

/** Where the files of a medium come from: a web server, the discs of a set, a stick. */
export type ContentSource = {
  /** See {@link MediumFiles.filesToVerify}. */
  filesToVerify: MediumFiles['filesToVerify'];
  read(file: ManifestFile, signal: AbortSignal): AsyncIterable<Uint8Array>;
  /** Files, all parts of one, as a path that opens the first where it is; undefined where they must be copied. */
  locate(parts: readonly ManifestFile[], signal: AbortSignal): Promise<string | undefined>;
  /** What is told of an error of reading. */
  explain(file: ManifestFile, error: unknown): unknown;
  /** What to do about a file that is not what the manifest says. */
  hint: string;
  /** Of several discs: how another one gets into a drive. */
  askForDiscs(ask: AskForDisc | undefined): void;
  missingDiscs(discs: readonly number[]): Promise<number[]>;
  /** The first disc, where it is in a drive. */
  find(medium: MountedMedium): Promise<MountedMedium | undefined>;
  /** Nothing is in use any more: a drive can be opened. */
  release(): Promise<void>;
  close(): Promise<void>;
};

/** A place on the disk that is being deployed. */
export type KeepPlace = {
  /** Of the volume, for a person. */
  name: string;
  /** The number of the volume whose file system it lies in. */
  within?: number;
  /** Opens it: a folder that is there. Undefined where nothing can be kept any more. */
  open(): Promise<string | undefined>;
  /** Leaves it as it is, for the next start. */
  leave(): Promise<void>;
  /** Takes it away with all that is in it. */
  clear(): Promise<void>;
};
