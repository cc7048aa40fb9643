import type { WimCallOptions } from './progress.ts';
import {
  applyToFolder,
  applyToMountedVolume,
  applyToNtfsVolume,
  extractPaths,
  type WimExtractOptions,
} from './wim-apply.ts';
import { findPath, listPaths, type WimListOptions } from './wim-browse.ts';
import { addFolder, addNtfsVolume, type WimCaptureOptions } from './wim-capture.ts';
import type { WimEntry } from './wim-entry.ts';
import { exportImage, type WimExportOptions } from './wim-export.ts';
import type { WimImage } from './wim-image.ts';
import type { WimCompression, WimInfo } from './wim-info.ts';
import { createWim, openWim, readWimInfo, setWimBootIndex, setWimGuid, type WimOpenOptions } from './wim-open.ts';
import { readImages, setImageProperty } from './wim-properties.ts';
import type { WimSession } from './wim-session.ts';
import { splitWim } from './wim-split.ts';
import { addTree, deletePath, renamePath, type WimAddOptions } from './wim-update.ts';
import { overwriteWim, verifyWim, type WimOverwriteOptions, type WimWriteOptions, writeWim } from './wim-write.ts';

/**
 * A WIM file through libwim: opened to read and apply its images, or created to be filled and written. One call at a
 * time runs on it; dispose of it when done.
 *
 * Every call may throw `INTERRUPTED` (by the signal), `IMAGE_CORRUPT`, `SOURCE_INVALID` (no WIM that can be used), and
 * `IMAGE_NOT_FOUND` for an index that is not there. Indexes count from 1; paths in an image have either slash and any
 * case.
 */
export class WimFile implements Disposable {
  readonly #session: WimSession;

  private constructor(session: WimSession) {
    this.#session = session;
  }

  /**
   * Opens a WIM, an ESD, or the first part of a split WIM whose other parts lie beside it. Throws `SOURCE_NOT_FOUND`
   * without the file and `TOOL_MISSING` without libwim; with `write`, `SOURCE_INVALID` for a file that cannot be changed
   * (read-only, split, pipable).
   */
  static async open(path: string, options: WimOpenOptions = {}): Promise<WimFile> {
    return new WimFile(await openWim(path, options));
  }

  /** A WIM without images, in no file until it is written. Its GUID is random until it is set. */
  static async create(compression: WimCompression): Promise<WimFile> {
    return new WimFile(await createWim(compression));
  }

  get info(): WimInfo {
    return readWimInfo(this.#session);
  }

  images(): WimImage[] {
    return readImages(this.#session);
  }

  /**
   * Applies an image to an NTFS file system on a block device or in a regular file, which must not be mounted and should
   * be empty. Throws `VOLUME_TOO_SMALL`, and `IMAGE_APPLY_FAILED` for every other trouble with the volume.
   */
  applyToNtfsVolume(index: number, device: string, options: WimCallOptions = {}): Promise<void> {
    return applyToNtfsVolume(this.#session, index, device, options);
  }

  /**
   * Applies an image to an NTFS volume that Windows has mounted, with everything NTFS knows; on Windows only, by who may
   * restore. Throws `VOLUME_TOO_SMALL`, and `IMAGE_APPLY_FAILED` for every other trouble with the volume.
   */
  applyToMountedVolume(index: number, root: string, options: WimCallOptions = {}): Promise<void> {
    return applyToMountedVolume(this.#session, index, root, options);
  }

  /** Extracts an image into a folder, without security descriptors. Throws `NO_SPACE`, `IMAGE_APPLY_FAILED`. */
  applyToFolder(index: number, folder: string, options: WimCallOptions = {}): Promise<void> {
    return applyToFolder(this.#session, index, folder, options);
  }

  /** Extracts files and folders; nothing at all, with `SOURCE_NOT_FOUND`, if one of them is not in the image. */
  extractPaths(
    index: number,
    paths: readonly string[],
    folder: string,
    options: WimExtractOptions = {},
  ): Promise<void> {
    return extractPaths(this.#session, index, paths, folder, options);
  }

  /** What is in a folder of an image, sorted by path. */
  listPaths(index: number, folder = '/', options: WimListOptions = {}): Promise<WimEntry[]> {
    return listPaths(this.#session, index, folder, options);
  }

  async exists(index: number, path: string): Promise<boolean> {
    return (await findPath(this.#session, index, path)) !== undefined;
  }

  /** Adds an image to another WIM. The data is read from this one when that one is written; this may be closed before. */
  exportImage(index: number, destination: WimFile, options: WimExportOptions = {}): Promise<void> {
    return exportImage(this.#session, index, destination.#session, options);
  }

  /** Adds an image of a folder, which must stay as it is until the WIM is written. Same folder, same bytes. */
  addFolder(folder: string, name: string, options: WimCaptureOptions = {}): Promise<void> {
    return addFolder(this.#session, folder, name, options);
  }

  /** Adds an image of an NTFS file system that is not mounted. */
  addNtfsVolume(device: string, name: string, options: WimCaptureOptions = {}): Promise<void> {
    return addNtfsVolume(this.#session, device, name, options);
  }

  /**
   * Puts a file or a folder into an image, whatever the case of the path; the root is `/`. It must stay as it is until
   * the WIM is written. Folders that are there keep what is said of them, folders that are not are made with the time of
   * now unless they come with the source.
   */
  addTree(index: number, source: string, target: string, options: WimAddOptions = {}): Promise<void> {
    return addTree(this.#session, index, source, target, options);
  }

  /** Removes a file, or a folder with everything in it, from an image. */
  deletePath(index: number, path: string): Promise<void> {
    return deletePath(this.#session, index, path);
  }

  renamePath(index: number, from: string, to: string): Promise<void> {
    return renamePath(this.#session, index, from, to);
  }

  /** 0 makes no image bootable. */
  setBootIndex(index: number): void {
    setWimBootIndex(this.#session, index);
  }

  /** Sets a property of an image by its path in the XML, such as `WINDOWS/EDITIONID`; an empty value removes it. */
  setProperty(index: number, key: string, value: string): void {
    setImageProperty(this.#session, index, key, value);
  }

  /** `guid`: 32 hexadecimal digits, in the order of the bytes. */
  setGuid(guid: string): void {
    setWimGuid(this.#session, guid);
  }

  /** Writes all images into a file that appears only when it is whole. Throws `NO_SPACE`, `BUILD_FAILED`. */
  write(path: string, options: WimWriteOptions = {}): Promise<void> {
    return writeWim(this.#session, path, options);
  }

  /** Writes the changes into the file opened with `write` and closes it. An interrupted call leaves the file as it was. */
  overwrite(options: WimOverwriteOptions = {}): Promise<void> {
    return overwriteWim(this.#session, options);
  }

  /** Writes the file as parts of at most so many bytes and returns their paths: `path`, then `name2.swm` and so on. */
  split(path: string, partBytes: number, options: WimCallOptions = {}): Promise<string[]> {
    return splitWim(this.#session, path, partBytes, options);
  }

  /** Reads everything and compares it with the SHA-1 sums in the WIM. Throws `IMAGE_CORRUPT`. */
  verify(options: WimCallOptions = {}): Promise<void> {
    return verifyWim(this.#session, options);
  }

  /** Frees the library's memory; after the running call, if there is one. */
  [Symbol.dispose](): void {
    this.#session[Symbol.dispose]();
  }
}
