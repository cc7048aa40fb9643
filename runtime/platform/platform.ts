import type { ContentPlace } from '../contract/content-from.ts';
import type { SystemFacts } from '../contract/facts.ts';
import type { Disk, Machine } from '../contract/machine.ts';
import type { Manifest, ManifestFile } from '../contract/manifest.ts';
import type { Environment, PlatformName } from '../contract/step.ts';
import type { LayeredDriver } from './layered-driver.ts';
import type { PartitionTable, VolumeRole } from './partition-table.ts';
import type { ExaminedVolume, OtherVolume, PlaceToWrite, ShareConnection } from './place-to-write.ts';

export type Progress = (done: { doneBytes: number; totalBytes: number }) => void;
export type Task = { signal?: AbortSignal; onProgress?: Progress };

/** `contentBytes`: what will be kept on the disk until the hand-over. `onMove`: how far a prestaged medium is moved. */
export type PartitionTask = Task & { contentBytes?: number; onMove?: Progress };

/** The medium the runtime works from, mounted read-only. */
export type MountedMedium = {
  /** From the network in WinPE it has the manifest and the sequences only: see {@link MediumFiles}. */
  root: string;
  device: string;
  /** Names the whole disk it lies on; empty where it lies on none. */
  disk: string;
  /** ConfigMgr's `_SMSTSLaunchMode`: a disc, a stick, the network, the disk of the machine itself. */
  launchMode: 'DVD' | 'UFD' | 'PXE' | 'HD';
  /** It lies on a disk of the machine, and was made to be deployed from there. */
  prestaged?: true;
  /** Of a medium on a web server: what a system that starts later finds it by. */
  address?: string;
  /** The bootable medium that has named this one. */
  startedFrom?: MountedMedium;
};
export type Medium = MountedMedium & { manifest: Manifest };

/** Disposing of it writes everything through. */
export type WritableMedium = AsyncDisposable & { files: VolumeFiles };

/** A volume of the disk that is being deployed. `role` tells what the layout made it for. */
export type TargetVolume = {
  name: string;
  role: VolumeRole;
  /** What opens it: /dev/nvme0n1p3. */
  device: string;
  number: number;
  startBytes: number;
  bytes: number;
  fileSystem: 'ntfs' | 'fat32' | 'none';
  /** The partition's own GUID on a GPT disk. */
  guid?: string;
  /** It was made by a full format. */
  fullFormat?: true;
  /** Windows gives it no drive letter. */
  noLetter?: true;
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
  /** The volume that Windows has been applied to. */
  windows?: TargetVolume;
  contentRoom?: ContentRoom;
  mediumRoom?: MediumRoom;
  /** It was not laid out in this run: the number of the volume that is being replaced on it. */
  replacing?: number;
};

/** What a volume holds beside the folders of its root that are to be kept. */
export type VolumeContent = {
  /** Names in its root. */
  others: string[];
  /** What is in the kept folders, each file counted as often as it has names there. */
  keptBytes: number;
};

/** What the disk is to start: the volume Windows is on. `locale` is the boot manager's language. */
export type DiskStart = { target: TargetDisk; windows: TargetVolume; locale: string };

/**
 * The files of a Windows volume. Paths are relative to its root, with forward slashes, and found whatever their case.
 * Everything a step writes on a volume goes through here, so that a simulation can show it.
 */
export type VolumeFiles = {
  /** Undefined when there is no such file. */
  read(path: string): Promise<Buffer | undefined>;
  /** Writes a file whole, beside its name first, and makes the folders above it. */
  write(path: string, content: string | Uint8Array): Promise<void>;
  /** Copies a file of this machine, which may be large, to `path`. */
  copyIn(source: string, path: string): Promise<void>;
  /** Removes a file or a folder with all that is in it; nothing where there is none. */
  remove(path: string): Promise<void>;
  /** Makes a folder and those above it; returns the path that opens it. */
  makeFolder(path: string): Promise<string>;
  exists(path: string): Promise<boolean>;
  /** Names in a folder; none where there is none. */
  list(path: string): Promise<string[]>;
};

/** How driver packages are added, where the platform does it by DISM. */
export type DriverOptions = {
  /** False: those in the folder itself, not in its folders. */
  recurse?: boolean;
  forceUnsigned?: boolean;
  /** Further options of DISM /Add-Driver. */
  additionalOptions?: readonly string[];
};

/** A volume that becomes an image of a WIM. */
export type ImageToCapture = { volume: TargetVolume; name: string; description: string };

/** How images are captured. */
export type CaptureTask = Task & {
  /** Paths from the root of each volume, with backslashes and wildcards. */
  exclusions: readonly string[];
  /** Takes the place of a file by that name. */
  overwrite?: boolean;
  /** Has what is read next come from where it was written to: see {@link WritingPlace}. */
  reread?: () => Promise<void>;
  /** How far the reading back is. */
  onReadBack?: Progress;
};

/** A mounted file system; disposing of it unmounts it. */
export type MountedVolume = AsyncDisposable & { path: string; files: VolumeFiles };

/** A volume or a folder that is open for writing; disposing of it writes everything through. */
export type WritingPlace = AsyncDisposable & {
  /** The root, as a path that can be opened. */
  path: string;
  files: VolumeFiles;
  freeBytes: number;
  /** Writes everything through; what is read next comes from where it lies and not from memory, where that can be had. */
  reread(): Promise<void>;
};

/** A folder for temporary files; disposing of it removes it. */
export type TemporaryFolder = AsyncDisposable & {
  path: string;
  /** Writes a file into it and returns its path. */
  write(name: string, content: string | Uint8Array): Promise<string>;
  /** A file in it by its path, with forward slashes and in any case. Undefined when there is no such file. */
  read(path: string): Promise<Buffer | undefined>;
};

/** Where the state of a run survives a restart: one file that only grows until it is replaced. */
export type StateStore = {
  /** For the log: /dev/nvme0n1p1, C:\\_SMSTaskSequence. */
  place: string;
  read(): Promise<Buffer>;
  /** `sync`: on the disk when it resolves. */
  append(bytes: Uint8Array, options: { sync: boolean }): Promise<void>;
  /** The old content or the new one is there at every moment. On the disk when it resolves. */
  replace(bytes: Uint8Array): Promise<void>;
  /** Removes the state and everything else of ours beside it. */
  remove(): Promise<void>;
  close(): Promise<void>;
};

/** A restart that the sequence survives: from where the platform is into `into`. */
export type Restart = { into: Environment; target: TargetDisk | undefined; medium: Medium };

/** A disc of a set that is wanted next, or a medium that was taken out: `disc` and `of` are 1 then. */
export type WantedDisc = { disc: number; of: number; label: string };

/** Has somebody put a disc in; resolves when that is said to be done. `others`: what is in the drives instead. */
export type AskForDisc = (wanted: WantedDisc, others: readonly string[]) => Promise<void>;

/** The files of the medium, wherever they are. */
export type MediumFiles = {
  /**
   * What is read and held against the manifest now. Asked twice: before anything else, and once it is known which files
   * the chosen sequence may need; of a split one that is its first part. A mounted medium is read whole at first, but for
   * what the machine has started from; another only as far as it is needed.
   */
  filesToVerify(files: readonly ManifestFile[], needed?: ReadonlySet<string>): readonly ManifestFile[];
  /** A file of the medium from its beginning to its end. */
  readMediumFile(medium: MountedMedium, path: string, signal: AbortSignal): AsyncIterable<Uint8Array>;
  /**
   * A file of the medium, with all parts where it is split, as a path that can be opened. From the network it is fetched,
   * held against the manifest and kept until the run ends. A disc that is not in a drive is asked for.
   */
  mediumFile(medium: Medium, path: string, task: Task): Promise<string>;
  /**
   * Copies files of the medium onto the disk that is being deployed, each held against the manifest meanwhile, and lets go
   * of the medium: it may be taken out. From then on `mediumFile` gives the copies.
   */
  keepFiles(medium: Medium, files: readonly ManifestFile[], task: Task): Promise<void>;
  /** How a disc is got that is in no drive; undefined where nobody is there. */
  askForDiscs(ask: AskForDisc | undefined): void;
  /** Which of these discs of the set are in no drive now. */
  missingDiscs(medium: MountedMedium, discs: readonly number[]): Promise<number[]>;
};

/** The end of a volume that its file system does not have yet: content of the medium lies there until the hand-over. */
export type ContentRoom = { volume: number; offsetBytes: number };

/**
 * Where a prestaged medium lies while its disk is deployed: partitions of its own behind a volume that grows over them at
 * the end. `volume` is that one's number.
 */
export type MediumRoom = { volume: number; startBytes: number; bytes: number };

/** What steps act through. Every adaptor is held against one suite: test/contract/platform-suite.ts. */
export type Platform = MediumFiles & {
  name: PlatformName;
  /** What must be done before the machine can be looked at: drivers the boot image does not start by itself, the keyboard. */
  prepare(log: (level: 'info' | 'warning', message: string) => void): Promise<void>;
  /** `MEDIUM_NOT_FOUND` when the boot menu did not name a medium, or none is there that this system was started from. */
  bootOptions(signal?: AbortSignal): Promise<BootOptions>;
  /**
   * The public key of those who must have signed the medium, as minisign writes it; undefined where anybody may have made
   * it. `SIGNATURE_INVALID` where there is to be one and it is not there.
   */
  trustedKey(): Promise<string | undefined>;
  /** Finds and mounts the medium with this id. */
  findMedium(id: string, signal?: AbortSignal): Promise<MountedMedium>;
  /**
   * Opens what a bootable medium names as its content, whatever the id of the medium there. `MEDIUM_NOT_FOUND`;
   * `PASSWORD_WRONG` where a share does not take the account with this password.
   */
  openContent(
    place: ContentPlace,
    access: { password?: string | undefined; signal?: AbortSignal },
  ): Promise<MountedMedium>;
  inventory(medium: MountedMedium | undefined): Promise<Machine>;
  /** The medium as something that files can be left on; undefined where that cannot be: a disc, its image on a stick, a web server. */
  writableMedium(medium: MountedMedium): Promise<WritableMedium | undefined>;
  /**
   * Erases a disk, lays out the table and makes the file systems. First of all the disk gets a claim that says that
   * this medium is at work on it, so that whatever happens next it is known for what it is. A prestaged medium on it is
   * moved into its `mediumRoom` before the table changes, and can be read and started from all the time.
   */
  partitionDisk(disk: Disk, table: PartitionTable, claim: string, task: PartitionTask): Promise<TargetDisk>;
  mount(volume: TargetVolume, access: 'read' | 'write'): Promise<MountedVolume>;
  /** Makes a volume's file system anew: an image must never be applied onto what a cut has left. */
  formatVolume(target: TargetDisk, volume: TargetVolume, task: Task): Promise<void>;
  /** The disks that have a partition table, with all their volumes; in WinPE one without a letter has no device. */
  presentDisks(): Promise<TargetDisk[]>;
  /**
   * Opens what it takes to replace a volume of a disk that keeps its table: in WinPE its system volume gets a letter.
   * `VOLUME_NOT_FOUND` where nothing on the disk could start a Windows. Nothing on the disk changes.
   */
  takeOverDisk(disk: TargetDisk, volume: TargetVolume): Promise<TargetDisk>;
  /** Looks at what {@link clearVolume} would remove and keep. `keep`: names in the root of the volume. */
  surveyVolume(volume: TargetVolume, keep: readonly string[]): Promise<VolumeContent>;
  /** Names in the root of an image that must not be on the volume it is applied to; none where they may. */
  rootNames(file: string, index: number): Promise<string[]>;
  /** Takes away what makes a disk start its Windows, so that a cut leaves none that half starts. */
  deactivateBoot(target: TargetDisk): Promise<void>;
  /** Removes everything from a volume but some folders of its root, which are whole at every moment. */
  clearVolume(volume: TargetVolume, keep: readonly string[], task: Task): Promise<void>;
  /** Applies an image with everything NTFS knows onto a volume that is freshly formatted or was cleared. */
  applyImage(file: string, index: number, volume: TargetVolume, task: Task): Promise<void>;
  /** Unpacks an image into a folder: names, data and times, nothing else. */
  extractImage(file: string, index: number, folder: string, task: Task): Promise<void>;
  /**
   * Adds the driver packages below a folder of the Windows volume to that Windows. `staged`: it cannot be done from here,
   * so that Windows must install them from this folder at its first start.
   */
  addDrivers(windows: TargetVolume, folder: string, task: Task & DriverOptions): Promise<'installed' | 'staged'>;
  /** Tells the Windows that was applied to a volume which Japanese or Korean keyboard the machine has. */
  setLayeredDriver(windows: TargetVolume, driver: LayeredDriver, task: Task): Promise<void>;
  /**
   * The disks that hold an installed Windows, each with the volumes that can be read: in the running Windows its own.
   * What other systems have on them cannot be told, so a volume that is neither Windows' nor starts it is `primary`.
   */
  installedWindows(): Promise<TargetDisk[]>;
  /**
   * Bytes that are free: on the system drive of the running Windows; in a boot environment on the one disk that has the
   * most, with space that is in no partition.
   */
  freeSpace(): Promise<number>;
  /** Volumes that BitLocker keeps from being read here, by what opens them and their disk. */
  lockedVolumes(): Promise<{ device: string; disk: string }[]>;
  examineVolume(volume: TargetVolume): Promise<ExaminedVolume>;
  /** Volumes for files on all disks, none that starts or repairs a system; with `label` those that have it in any case. */
  otherVolumes(label?: string): Promise<OtherVolume[]>;
  /** `PASSWORD_WRONG` and `MEDIUM_NOT_FOUND` for a share that cannot be opened. */
  openForWriting(place: PlaceToWrite, signal?: AbortSignal): Promise<WritingPlace>;
  /** Connects to a shared folder for programs of the sequence; not on Linux. `STEP_FAILED` with Windows' number as exit code. */
  connectShare(connection: ShareConnection): Promise<void>;
  /**
   * Writes volumes into a new WIM, an image for each, reads it back, and only then gives it its name. `OUTPUT_EXISTS`
   * where there is one by that name; `READ_BACK_FAILED` where it is not what was written.
   */
  captureImages(images: readonly ImageToCapture[], file: string, task: CaptureTask): Promise<void>;
  /** Puts the boot files of the applied Windows into place, all but what makes the disk start. */
  prepareBoot(start: DiskStart, task: Task): Promise<void>;
  /** Takes away what `keepFiles` has put onto the disk. Done before all else of the hand-over, and may be done again. */
  clearContent(target: TargetDisk | undefined): Promise<void>;
  /** Takes a prestaged medium off the disk, whose volume then has its room. The last thing of all; may be done again. */
  removeMedium(target: TargetDisk | undefined): Promise<void>;
  /** Makes the disk start what `prepareBoot` has put there, and takes the claim away. */
  activateBoot(start: DiskStart, task: Task): Promise<void>;
  temporaryFolder(): Promise<TemporaryFolder>;
  /** What conditions ask of the system. */
  facts: SystemFacts;
  /**
   * Where the state of a run on this disk lies while it goes on in `environment`: the system volume while the Windows
   * volume may be cut in the middle, Windows' own afterwards. Undefined while there is no such place.
   */
  openState(target: TargetDisk | undefined, environment: Environment): Promise<StateStore | undefined>;
  /** Every state a run has left on the disks of this machine. */
  findStates(): Promise<StateStore[]>;
  /** The same disk after a restart, under the names it has now. `VOLUME_NOT_FOUND` when it is gone or another. */
  recoverTarget(target: TargetDisk): Promise<TargetDisk>;
  /**
   * Throws where a restart can never be arranged on this machine. Asked before the first step, of a sequence that is sure to
   * come to one; not there where every restart can.
   */
  refuseRestart?(restart: Pick<Restart, 'into' | 'medium'>): Promise<void>;
  /** Has the next start of the machine go on with the sequence: firmware's next boot, a hook in Windows, a boot entry. */
  arrangeRestart(restart: Restart): Promise<void>;
  /** Ends the run: restarts, shuts down, or leaves a shell. Resolves to the exit code the process ends with. */
  leave(action: 'restart' | 'shutdown' | 'shell'): Promise<number>;
  /** Opens a command prompt beside the running sequence; undefined where there is none. */
  openCommandPrompt: (() => Promise<void>) | undefined;
};
