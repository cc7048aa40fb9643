import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MediasmithError } from '../../runtime/contract/errors.ts';
import type { Disk, Machine } from '../../runtime/contract/machine.ts';
import type { PlatformName } from '../../runtime/contract/step.ts';
import { MOUNTED_FILES } from '../../runtime/platform/mounted-files.ts';
import type { PartitionTable } from '../../runtime/platform/partition-table.ts';
import type {
  BootOptions,
  MountedMedium,
  MountedVolume,
  Platform,
  TargetDisk,
  TargetVolume,
} from '../../runtime/platform/platform.ts';
import { aMachine } from './machine.ts';

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

  readonly openCommandPrompt = undefined;
  readonly filesToVerify = MOUNTED_FILES.filesToVerify;
  readonly readMediumFile = MOUNTED_FILES.readMediumFile;
  readonly mediumFile = MOUNTED_FILES.mediumFile;

  async prepare(): Promise<void> {
    this.deeds.push('prepare');
  }

  async bootOptions(): Promise<BootOptions> {
    return this.boot;
  }

  async findMedium(id: string): Promise<MountedMedium> {
    this.deeds.push(`findMedium ${id}`);
    return { root: join(this.#folder, 'medium'), device: '/dev/sr0', disk: 'sr0', launchMode: 'DVD' };
  }

  async inventory(): Promise<Machine> {
    return this.#machine;
  }

  async partitionDisk(disk: Disk, table: PartitionTable, claim: string): Promise<TargetDisk> {
    this.deeds.push(`partitionDisk ${disk.device}`);
    Object.assign(this.disk, { claim, table, prepared: false, starts: false });
    const volumes = table.partitions.map(({ active: _, ...partition }, index) => ({
      ...partition,
      number: index + 1,
      device: `${disk.device}p${index + 1}`,
    }));
    return { device: disk.device, style: table.style, identity: table.identity, volumes };
  }

  /** The folder that stands for a volume. */
  volume(name: string): string {
    return join(this.#folder, 'volumes', name);
  }

  async mount(volume: TargetVolume, access: 'read' | 'write'): Promise<MountedVolume> {
    this.deeds.push(`mount ${volume.name} ${access}`);
    const path = this.volume(volume.name);
    await mkdir(path, { recursive: true });
    return { path, [Symbol.asyncDispose]: async () => void this.deeds.push(`unmount ${volume.name}`) };
  }

  async applyImage(file: string, index: number, volume: TargetVolume): Promise<void> {
    this.deeds.push(`applyImage ${index} to ${volume.name}`);
    await unpack(this.volume(volume.name), `${file} ${index}`);
  }

  async extractImage(file: string, index: number, folder: string): Promise<void> {
    this.deeds.push(`extractImage ${index}`);
    await unpack(folder, `${file} ${index}`);
  }

  async addDrivers(_windows: TargetVolume, folder: string): Promise<'installed' | 'staged'> {
    this.deeds.push(`addDrivers ${folder}`);
    return this.name === 'linux' ? 'staged' : 'installed';
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
