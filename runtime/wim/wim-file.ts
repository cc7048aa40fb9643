import type { WimCallOptions } from './progress.ts';
import { applyToFolder, applyToNtfsVolume, extractPaths, type WimExtractOptions } from './wim-apply.ts';
import { findPath, listPaths, type WimListOptions } from './wim-browse.ts';
import { addFolder, addNtfsVolume, type WimCaptureOptions } from './wim-capture.ts';
import type { WimEntry } from './wim-entry.ts';
import { exportImage, type WimExportOptions } from './wim-export.ts';
import type { WimImage } from './wim-image.ts';
import type { WimCompression, WimInfo } from './wim-info.ts';
import { createWim, openWim, readWimInfo, setWimGuid } from './wim-open.ts';
import { readImages, setImageProperty } from './wim-properties.ts';
import type { WimSession } from './wim-session.ts';
import { verifyWim, type WimWriteOptions, writeWim } from './wim-write.ts';

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
   * without the file and `TOOL_MISSING` without libwim.
   */
  static async open(path: string, options: Pick<WimCallOptions, 'signal'> = {}): Promise<WimFile> {
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

  /** Reads everything and compares it with the SHA-1 sums in the WIM. Throws `IMAGE_CORRUPT`. */
  verify(options: WimCallOptions = {}): Promise<void> {
    return verifyWim(this.#session, options);
  }

  /** Frees the library's memory; after the running call, if there is one. */
  [Symbol.dispose](): void {
    this.#session[Symbol.dispose]();
  }
}
