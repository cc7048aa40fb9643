import { uncPath } from '../../../contract/content-from.ts';
import type { Disk } from '../../../contract/machine.ts';
import { partitionDevice } from '../../linux/block-devices.ts';
import { tableArgv } from '../../linux/installed-windows.ts';
import { mountArgv, syncArgv, unmountArgv } from '../../linux/mount.ts';
import { modulesArgv } from '../../linux/share.ts';
import type { PlaceToWrite } from '../../place-to-write.ts';
import type { Platform, TargetDisk, TargetVolume, WritingPlace } from '../../platform.ts';
import { type DeviceName, installedWindows, presentDisks } from '../installed-windows.ts';
import type { SimulatedWorld } from '../world.ts';
import { lookInto, mountVolume, TEMPORARY } from './mount.ts';

/** What a machine is taken to have besides: for an image that is captured. */
const OTHER_VOLUME = '/dev/sdy1';
const SHARE_FOLDER = `${TEMPORARY}/medium-share`;
export const deviceName: DeviceName = (disk, { number }) => partitionDevice(disk, number);

type Places = Pick<
  Platform,
  | 'presentDisks'
  | 'surveyVolume'
  | 'installedWindows'
  | 'freeSpace'
  | 'examineVolume'
  | 'otherVolumes'
  | 'openForWriting'
  | 'captureImages'
>;

/** How the Linux boot environment looks for volumes, and opens those that something is read from or left on. */
export function places(world: SimulatedWorld): Places {
  const { recorded, recorder, exec } = world;
  /** Reads the tables of disks, and looks into those of their volumes that have one of the file systems. */
  const look = async (disks: readonly Disk[], ...fileSystems: TargetVolume['fileSystem'][]): Promise<TargetDisk[]> => {
    const found = installedWindows(world, deviceName);
    for (const { device } of disks) {
      await exec(tableArgv(device));
      for (const volume of found.find((disk) => disk.device === device)?.volumes ?? [])
        if (fileSystems.includes(volume.fileSystem)) await lookInto(world, volume);
    }
    return found;
  };
  return {
    presentDisks: async () => {
      await look(recorded.disks);
      return presentDisks(world, deviceName);
    },
    surveyVolume: async (volume) => {
      await lookInto(world, volume);
      return { others: ['Windows'], keptBytes: 0 };
    },
    installedWindows: () => look(recorded.disks, 'ntfs'),
    freeSpace: async () => {
      const disks = recorded.disks.filter(({ removable, bus }) => !removable && bus !== 'usb');
      await look(disks, 'ntfs', 'fat32');
      return Math.max(0, ...disks.map(({ bytes }) => bytes));
    },
    examineVolume: async (volume) => {
      await lookInto(world, volume);
      return { state: 'clean', usedBytes: 0 };
    },
    otherVolumes: async (label = '') => {
      await look(recorded.disks);
      return [{ device: OTHER_VOLUME, disk: 'another', label, fileSystem: 'ntfs', bytes: 0 }];
    },
    openForWriting: (place) => openForWriting(world, place),
    captureImages: async (images, file, { reread }) => {
      for (const { name, volume } of images) recorder.act(`${file}: ${name}, captured from ${volume.device} by libwim`);
      await reread?.();
    },
  };
}

async function openForWriting(world: SimulatedWorld, place: PlaceToWrite): Promise<WritingPlace> {
  const { exec, recorder, volumes } = world;
  const freeBytes = Number.POSITIVE_INFINITY;
  const sync = async (): Promise<void> => void (await exec(syncArgv()));
  if (place.kind === 'volume') {
    const { device, fileSystem } = place.volume;
    const mounted = await mountVolume(world, place.volume, 'write');
    const reread = async (): Promise<void> => {
      await exec(unmountArgv(mounted.path));
      await exec(mountArgv(fileSystem, device, mounted.path, 'write'));
    };
    return { ...mounted, freeBytes, reread };
  }
  if (place.kind === 'folder') {
    const { path } = place;
    return { path, files: volumes.files(`${path}/`), freeBytes, reread: sync, [Symbol.asyncDispose]: sync };
  }
  const { user } = place.share;
  await exec(modulesArgv());
  const as = user === undefined ? '' : `, by the account ${user}`;
  recorder.act(`${SHARE_FOLDER}: the kernel mounts ${uncPath(place.share)}${as}`);
  return {
    path: SHARE_FOLDER,
    files: volumes.files(`${SHARE_FOLDER}/`),
    freeBytes,
    reread: sync,
    [Symbol.asyncDispose]: async () => void (await exec(unmountArgv(SHARE_FOLDER))),
  };
}
