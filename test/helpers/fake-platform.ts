import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ContentPlace, placeInWords, uncPath } from '../../runtime/contract/content-from.ts';
import { MediasmithError } from '../../runtime/contract/errors.ts';
import type { SystemFacts } from '../../runtime/contract/facts.ts';
import type { Disk, Machine } from '../../runtime/contract/machine.ts';
import type { ManifestFile } from '../../runtime/contract/manifest.ts';
import type { Environment, PlatformName } from '../../runtime/contract/step.ts';
import { clearFolder, surveyFolder } from '../../runtime/platform/clear-folder.ts';
import { withMediumRoom } from '../../runtime/platform/medium-room.ts';
import { MOUNTED_FILES } from '../../runtime/platform/mounted-files.ts';
import { linuxNumbers, type PartitionTable } from '../../runtime/platform/partition-table.ts';
import type {
  ExaminedVolume,
  OtherVolume,
  PlaceToWrite,
  ShareConnection,
} from '../../runtime/platform/place-to-write.ts';
import type {
  AskForDisc,
  BootOptions,
  DriverOptions,
  ImageToCapture,
  Medium,
  MountedMedium,
  MountedVolume,
  Platform,
  Restart,
  StateStore,
  TargetDisk,
  TargetVolume,
  VolumeContent,
  WritableMedium,
  WritingPlace,
} from '../../runtime/platform/platform.ts';
import { folderState, holdsState } from '../../runtime/platform/state-folder.ts';
import { makeTemporaryFolder } from '../../runtime/platform/temporary-folder.ts';
import { volumeFiles } from '../../runtime/platform/volume-files.ts';
import { aMachine } from './machine.ts';
import { noFacts } from './no-facts.ts';
import { writeFiles } from './temporary-folder.ts';

/** A disk in memory. `starts`: whether a machine would start from it now. */
export type FakeDisk = {
  claim: string | undefined;
  table: PartitionTable | undefined;
  prepared: boolean;
  starts: boolean;
};

/** A platform whose one disk is in memory and whose volumes are folders: what a step does can be looked at. */
export class FakePlatform implements Platform {
  readonly name: PlatformName;
  readonly disk: FakeDisk = { claim: undefined, table: undefined, prepared: false, starts: true };
  /** What was done, in order: the operation and what it was done to. */
  readonly deeds: string[] = [];
  readonly #folder: string;
  readonly #machine: Machine;

  /** Volumes become folders below `folder`; the medium is its subfolder `medium`. */
  constructor(folder: string, options: { machine?: Machine; name?: PlatformName } = {}) {
    this.#folder = folder;
    this.#machine = options.machine ?? aMachine();
    this.name = options.name ?? 'linux';
  }

  /** What the boot menu says; a test may change it. */
  boot: BootOptions = { mediumId: '00000000-0000-8000-8000-000000000000', sequenceId: undefined };

  /** A test may give it one. */
  openCommandPrompt: Platform['openCommandPrompt'] = undefined;
  readonly filesToVerify = MOUNTED_FILES.filesToVerify;
  readonly readMediumFile = MOUNTED_FILES.readMediumFile;
  readonly mediumFile = MOUNTED_FILES.mediumFile;
  /** Discs that are in no drive; a test may change it. */
  discsAway: number[] = [];
  /** How the runtime would get another disc. */
  discAsker: AskForDisc | undefined;

  async keepFiles(_medium: Medium, files: readonly ManifestFile[]): Promise<void> {
    this.deeds.push(`keepFiles ${files.map(({ path, disc = 1 }) => `${disc} ${path}`).join(', ')}`);
  }

  askForDiscs(ask: AskForDisc | undefined): void {
    this.discAsker = ask;
  }

  async missingDiscs(_medium: MountedMedium, discs: readonly number[]): Promise<number[]> {
    return discs.filter((disc) => this.discsAway.includes(disc));
  }

  async clearContent(): Promise<void> {
    if (this.deeds.some((deed) => deed.startsWith('keepFiles'))) this.deeds.push('clearContent');
  }

  async removeMedium(target: TargetDisk | undefined): Promise<void> {
    if (target?.mediumRoom !== undefined) this.deeds.push('removeMedium');
  }

  async prepare(): Promise<void> {
    this.deeds.push('prepare');
  }

  async bootOptions(): Promise<BootOptions> {
    return this.boot;
  }

  /** Who must have signed the medium; a test may say so. */
  publicKey: string | undefined;
  async trustedKey(): Promise<string | undefined> {
    return this.publicKey;
  }

  async findMedium(id: string): Promise<MountedMedium> {
    this.deeds.push(`findMedium ${id}`);
    return { root: join(this.#folder, 'medium'), device: '/dev/sr0', disk: 'sr0', launchMode: 'DVD' };
  }

  /** What connecting to a share ends with, in turn; then it succeeds. */
  readonly shareErrors: MediasmithError[] = [];
  async openContent(place: ContentPlace, { password }: { password?: string | undefined }): Promise<MountedMedium> {
    this.deeds.push(`openContent ${placeInWords(place)}${password === undefined ? '' : ` ${password}`}`);
    const error = this.shareErrors.shift();
    if (error !== undefined) throw error;
    return { root: join(this.#folder, 'content/medium'), device: placeInWords(place), disk: 'sdb', launchMode: 'PXE' };
  }

  /** Whether the medium is a stick that takes files; a test may change it. */
  mediumTakesFiles = false;
  async writableMedium({ root }: MountedMedium): Promise<WritableMedium | undefined> {
    if (!this.mediumTakesFiles) return undefined;
    return { files: volumeFiles(root), [Symbol.asyncDispose]: async () => undefined };
  }

  async inventory(): Promise<Machine> {
    return this.#machine;
  }

  async partitionDisk(disk: Disk, table: PartitionTable, claim: string): Promise<TargetDisk> {
    this.deeds.push(`partitionDisk ${disk.device}`);
    Object.assign(this.disk, { claim, table, prepared: false, starts: false });
    const around = disk.prestagedBytes === undefined ? undefined : withMediumRoom(table, disk.prestagedBytes);
    const numbers = linuxNumbers(table);
    const volumes = (around?.table ?? table).partitions.map(({ active: _, logical: __, ...partition }, index) => ({
      ...partition,
      number: numbers[index] ?? 0,
      device: `${disk.device}p${numbers[index]}`,
    }));
    const { style, identity } = table;
    return { device: disk.device, style, identity, volumes, ...(around && { mediumRoom: around.room }) };
  }

  /** The folder that stands for a volume. */
  volume(name: string): string {
    return join(this.#folder, 'volumes', name);
  }

  async mount(volume: TargetVolume, access: 'read' | 'write'): Promise<MountedVolume> {
    this.deeds.push(`mount ${volume.name} ${access}`);
    const path = this.volume(volume.name);
    await mkdir(path, { recursive: true });
    return {
      path,
      files: volumeFiles(path),
      [Symbol.asyncDispose]: async () => void this.deeds.push(`unmount ${volume.name}`),
    };
  }

  async formatVolume(_target: TargetDisk, volume: TargetVolume): Promise<void> {
    this.deeds.push(`formatVolume ${volume.name}`);
    await rm(this.volume(volume.name), { recursive: true, force: true });
  }

  readonly temporaryFolder = makeTemporaryFolder;
  /** What conditions are told of the system; a test may change it. */
  facts: SystemFacts = noFacts('a fake platform');

  /** Volumes hold states as they hold files. The running Windows keeps its own on volume C. */
  async openState(target: TargetDisk | undefined, environment: Environment): Promise<StateStore | undefined> {
    const volume =
      environment === 'winpe' && this.name !== 'windows'
        ? target?.volumes.find(({ role }) => role === 'system')?.name
        : (target?.windows?.name ?? 'C');
    return volume === undefined ? undefined : folderState(this.volume(volume), volume);
  }

  async findStates(): Promise<StateStore[]> {
    const volumes = await readdir(join(this.#folder, 'volumes')).catch(() => []);
    const states: StateStore[] = [];
    for (const name of volumes) {
      if (await holdsState(this.volume(name))) states.push(folderState(this.volume(name), name));
    }
    return states;
  }

  async recoverTarget(target: TargetDisk): Promise<TargetDisk> {
    return target;
  }

  async arrangeRestart({ into }: Restart): Promise<void> {
    this.deeds.push(`arrangeRestart ${into}`);
  }

  /** Disks with a table; a test may change them. A volume holds what its folder does. */
  present: TargetDisk[] = [];
  async presentDisks(): Promise<TargetDisk[]> {
    return this.present;
  }

  async takeOverDisk(disk: TargetDisk, volume: TargetVolume): Promise<TargetDisk> {
    this.deeds.push(`takeOverDisk ${disk.device} for ${volume.name}`);
    return { ...disk, replacing: volume.number };
  }

  async surveyVolume(volume: TargetVolume, keep: readonly string[]): Promise<VolumeContent> {
    await mkdir(this.volume(volume.name), { recursive: true });
    return surveyFolder(this.volume(volume.name), keep);
  }

  /** What is in the root of every image; a test may change it. */
  imageRoot: string[] = [];
  async rootNames(): Promise<string[]> {
    return this.imageRoot;
  }

  async deactivateBoot(target: TargetDisk): Promise<void> {
    this.deeds.push(`deactivateBoot ${target.device}`);
    this.disk.starts = false;
  }

  async clearVolume(volume: TargetVolume, keep: readonly string[]): Promise<void> {
    this.deeds.push(`clearVolume ${volume.name}`);
    await clearFolder(this.volume(volume.name), keep, { openFolder: async () => undefined });
  }

  async applyImage(file: string, index: number, volume: TargetVolume): Promise<void> {
    this.deeds.push(`applyImage ${index} to ${volume.name}`);
    await unpack(this.volume(volume.name), `${file} ${index}`);
  }

  async extractImage(file: string, index: number, folder: string): Promise<void> {
    this.deeds.push(`extractImage ${index}`);
    await unpack(folder, `${file} ${index}`);
    await writeFiles(folder, this.packageFiles);
  }

  async addDrivers(
    _windows: TargetVolume,
    folder: string,
    { recurse, forceUnsigned, additionalOptions = [] }: DriverOptions = {},
  ): Promise<'installed' | 'staged'> {
    const flags = [recurse === false && 'not-recurse', forceUnsigned && 'force-unsigned', ...additionalOptions];
    this.deeds.push(['addDrivers', folder, ...flags.filter(Boolean)].join(' '));
    return this.name === 'linux' ? 'staged' : 'installed';
  }

  async setLayeredDriver(windows: TargetVolume, driver: number): Promise<void> {
    this.deeds.push(`setLayeredDriver ${driver} on ${windows.name}`);
  }

  /** What every package holds besides, by path; a test may change it. */
  packageFiles: Record<string, string | Buffer> = {};

  /** Disks that hold an installed Windows; a test may change them. */
  installed: TargetDisk[] = [];
  async installedWindows(): Promise<TargetDisk[]> {
    return this.installed;
  }

  /** What is free; a test may change it. */
  freeBytes = 100 * 1024 ** 3;
  async freeSpace(): Promise<number> {
    return this.freeBytes;
  }

  /** What BitLocker has locked; a test may change it. */
  locked: { device: string; disk: string }[] = [];
  async lockedVolumes(): Promise<{ device: string; disk: string }[]> {
    return this.locked;
  }

  /** What a look at every volume shows; a test may change it. */
  examined: ExaminedVolume = { state: 'clean', usedBytes: 1000 };
  async examineVolume(): Promise<ExaminedVolume> {
    return this.examined;
  }

  /** Volumes an image may go to, or not; a test may change them. */
  others: OtherVolume[] = [];
  async otherVolumes(label?: string): Promise<OtherVolume[]> {
    return this.others.filter((volume) => label === undefined || volume.label.toLowerCase() === label.toLowerCase());
  }

  /** What was connected to; a test may have it fail. */
  connected: ShareConnection[] = [];
  async connectShare(connection: ShareConnection): Promise<void> {
    this.connected.push(connection);
  }

  async openForWriting(place: PlaceToWrite): Promise<WritingPlace> {
    const path =
      place.kind === 'folder' ? place.path : place.kind === 'volume' ? place.volume.device : uncPath(place.share);
    return {
      path,
      files: volumeFiles(this.volume(place.kind === 'volume' ? place.volume.label : place.kind)),
      freeBytes: this.freeBytes,
      reread: async () => undefined,
      [Symbol.asyncDispose]: async () => void this.deeds.push(`close ${path}`),
    };
  }

  async captureImages(
    images: readonly ImageToCapture[],
    file: string,
    { exclusions }: { exclusions: readonly string[] },
  ): Promise<void> {
    for (const { volume, name, description } of images)
      this.deeds.push(`captureImage ${volume.name} to ${file} as ${name} (${description})`);
    this.deeds.push(`excluded: ${exclusions.join(', ')}`);
  }

  async leave(action: string): Promise<number> {
    this.deeds.push(`leave ${action}`);
    return 0;
  }

  async prepareBoot(): Promise<void> {
    this.deeds.push('prepareBoot');
    this.disk.prepared = true;
  }

  async activateBoot(): Promise<void> {
    this.deeds.push('activateBoot');
    if (!this.disk.prepared) throw new MediasmithError('BOOT_FILES_MISSING', 'nothing is there to be started');
    Object.assign(this.disk, { claim: undefined, starts: true });
  }
}

async function unpack(folder: string, content: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'unpacked.txt'), content);
}
