import type { Disk, Machine } from '../contract/machine.ts';
import type { Manifest, ManifestFile } from '../contract/manifest.ts';
import type { PlatformName } from '../contract/step.ts';
import type { PartitionTable } from './partition-table.ts';

export type Progress = (done: { doneBytes: number; totalBytes: number }) => void;
export type Task = { signal?: AbortSignal; onProgress?: Progress };

/** The medium the runtime works from, mounted read-only. */
export type MountedMedium = {
  /** From the network in WinPE it has the manifest and the sequences only: see {@link MediumFiles}. */
  root: string;
  device: string;
  /** Names the whole disk it lies on; empty where it lies on none. */
  disk: string;
  /** ConfigMgr's `_SMSTSLaunchMode`: a disc, a stick, the network. */
  launchMode: 'DVD' | 'UFD' | 'PXE';
};
export type Medium = MountedMedium & { manifest: Manifest };

/** A volume of the disk that is being deployed. `role` tells what the layout made it for. */
export type TargetVolume = {
  name: string;
  role: 'system' | 'msr' | 'primary' | 'recovery';
  /** What opens it: /dev/nvme0n1p3. */
  device: string;
  number: number;
  startBytes: number;
  bytes: number;
  fileSystem: 'ntfs' | 'fat32' | 'none';
  /** The partition's own GUID on a GPT disk. */
  guid?: string;
};

/** What the boot menu said: the id of the medium, and the sequence if one was chosen there. */
export type BootOptions = { mediumId: string; sequenceId: string | undefined };

/** The disk that is being deployed, in plain data. */
export type TargetDisk = {
  device: string;
  style: 'gpt' | 'mbr';
  /** GUID of a GPT disk, or the signature of an MBR disk as 8 hexadecimal digits. */
  identity: string;
  volumes: TargetVolume[];
};

/** What the disk is to start: the volume Windows is on. `locale` is the boot manager's language. */
export type DiskStart = { target: TargetDisk; windows: TargetVolume; locale: string };

/** A mounted file system; disposing of it unmounts it. */
export type MountedVolume = AsyncDisposable & { path: string };

/** The files of the medium, wherever they are. */
export type MediumFiles = {
  /**
   * What is read and held against the manifest now. Asked twice: before anything else, and once it is known which files
   * the chosen sequence may need; of a split one that is its first part. A mounted medium is read whole at first, another
   * only as far as it is needed.
   */
  filesToVerify(files: readonly ManifestFile[], needed?: ReadonlySet<string>): readonly ManifestFile[];
  /** A file of the medium from its beginning to its end. */
  readMediumFile(medium: MountedMedium, path: string, signal: AbortSignal): AsyncIterable<Uint8Array>;
  /**
   * A file of the medium, with all parts where it is split, as a path that can be opened. From the network it is fetched,
   * held against the manifest and kept until the run ends.
   */
  mediumFile(medium: Medium, path: string, task: Task): Promise<string>;
};

/** What steps act through. Every adaptor is held against one suite: test/contract/platform-suite.ts. */
export type Platform = MediumFiles & {
  name: PlatformName;
  /** What must be done before the machine can be looked at: drivers the boot image does not start by itself, the keyboard. */
  prepare(log: (level: 'info' | 'warning', message: string) => void): Promise<void>;
  /** `MEDIUM_NOT_FOUND` when the boot menu did not name a medium. */
  bootOptions(): Promise<BootOptions>;
  /** Finds and mounts the medium with this id. */
  findMedium(id: string, signal?: AbortSignal): Promise<MountedMedium>;
  inventory(medium: MountedMedium | undefined): Promise<Machine>;
  /**
   * Erases a disk, lays out the table and makes the file systems. First of all the disk gets a claim that says that
   * this medium is at work on it, so that whatever happens next it is known for what it is.
   */
  partitionDisk(disk: Disk, table: PartitionTable, claim: string, task: Task): Promise<TargetDisk>;
  mount(volume: TargetVolume, access: 'read' | 'write'): Promise<MountedVolume>;
  /** Applies an image with everything NTFS knows onto a freshly formatted volume. */
  applyImage(file: string, index: number, volume: TargetVolume, task: Task): Promise<void>;
  /** Unpacks an image into a folder: names, data and times, nothing else. */
  extractImage(file: string, index: number, folder: string, task: Task): Promise<void>;
  /**
   * Adds the driver packages below a folder of the Windows volume to that Windows. `staged`: it cannot be done from here,
   * so that Windows must install them from this folder at its first start.
   */
  addDrivers(windows: TargetVolume, folder: string, task: Task): Promise<'installed' | 'staged'>;
  /** Puts the boot files of the applied Windows into place, all but what makes the disk start. */
  prepareBoot(start: DiskStart, task: Task): Promise<void>;
  /** Makes the disk start what `prepareBoot` has put there, and takes the claim away. The last thing a deployment does. */
  activateBoot(start: DiskStart, task: Task): Promise<void>;
  /** Ends the run: restarts, shuts down, or leaves a shell. Resolves to the exit code the process ends with. */
  leave(action: 'restart' | 'shutdown' | 'shell'): Promise<number>;
  /** Opens a command prompt beside the running sequence; undefined where there is none. */
  openCommandPrompt: (() => Promise<void>) | undefined;
};
