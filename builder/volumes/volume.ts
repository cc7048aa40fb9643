/** Bytes on a volume, from its start. */
export type Extent = { offset: number; bytes: number };
/** Bytes to be written there. */
export type Write = { offset: number; data: Uint8Array };
/** Reads bytes of a volume; fewer at its end. */
export type ReadAt = (offset: number, bytes: number) => Promise<Buffer>;

/** A file by its path: forward slashes, none at the start. */
export type VolumeFile = { path: string; bytes: number };

/** A volume as it is to be written: everything but the content of its files, which the caller writes. */
export type VolumePlan = {
  /** Where the content of each new file goes, in the order of the volume; none for an empty file. */
  files: Map<string, Extent[]>;
  /** On the disk before `commit`, as the content is. Nothing of an earlier volume refers to it. */
  prepare: Write[];
  /** What makes the plan valid: single sectors, in this order. Before the first of them the earlier volume is whole. */
  commit: Write[];
  /** Frees what nothing refers to any more; a cut before it costs space only. */
  finish: Write[];
};

export type VolumeOptions = {
  /** Of the partition; a multiple of 512. */
  bytes: number;
  /** At most 11 characters. */
  label: string;
  /** Eight hexadecimal digits, the serial number. */
  volumeId: string;
  /** Seconds since 1970, UTC: the time of every entry. */
  time: number;
  /** Sectors of 512 bytes before the volume. */
  hiddenSectors: number;
};

/** A volume that is there. */
export type OpenedVolume = {
  label: string;
  /** Eight hexadecimal digits. */
  volumeId: string;
  bytes: number;
  /** What further files can take. */
  freeBytes: number;
  /** Files by their paths as they are spelt there, each with the places of its content. */
  files: ReadonlyMap<string, VolumeFile & { extents: Extent[] }>;
  /**
   * The plan that removes files and folders that become empty, and writes others anew, each beside what is there; a path
   * in both is replaced. What is named in neither stays untouched where it lies. `NO_SPACE` where old and new do not fit
   * together; names as in `format`.
   */
  update(changes: { remove: readonly string[]; write: readonly VolumeFile[]; time: number }): VolumePlan;
};

export type VolumeFormat = {
  kind: 'fat32' | 'exfat';
  /** The smallest volume that holds these files and `free` bytes beside them. */
  bytesFor(files: readonly VolumeFile[], free: number): number;
  /**
   * A new volume, whatever lay there before: its writes cover every byte that the format reads.
   * `NAME_NOT_ALLOWED` for names it cannot hold or tell apart, `FILE_TOO_LARGE`, `NO_SPACE` with the sums.
   */
  format(files: readonly VolumeFile[], options: VolumeOptions): VolumePlan;
  /** `MEDIUM_INVALID` where there is no such volume, `MEDIUM_CORRUPT` where its structures contradict each other. */
  open(read: ReadAt): Promise<OpenedVolume>;
};
