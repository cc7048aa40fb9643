import type { ContentPlace } from '../contract/content-from.ts';

/**
 * `hibernated`: Windows is asleep in hiberfil.sys, as after a shutdown with fast startup, and holds back what it has not
 * written. `unclean`: it was switched off while it ran, or a check of the volume is due.
 */
export type VolumeState = 'clean' | 'hibernated' | 'unclean';

/** `usedBytes`: what lies on it, without page file, swap file and hibernation file. */
export type ExaminedVolume = { state: VolumeState; usedBytes: number };

/** A volume that files can be left on. `disk`: what opens the disk it lies on. */
export type OtherVolume = {
  device: string;
  disk: string;
  label: string;
  fileSystem: 'ntfs' | 'fat32' | 'exfat';
  bytes: number;
};

/** A connection to a shared folder, which lasts until the next restart. `path`: `\\server\share\folder`. */
export type ShareConnection = {
  path: string;
  /** The letter it gets, with or without a colon. */
  driveLetter?: string | undefined;
  account?: string | undefined;
  password?: string | undefined;
};

/** A volume, a share by SMB, or a folder of this system. */
export type PlaceToWrite =
  | { kind: 'volume'; volume: OtherVolume }
  | { kind: 'share'; share: ContentPlace & { kind: 'share' }; password: string | undefined }
  | { kind: 'folder'; path: string };
