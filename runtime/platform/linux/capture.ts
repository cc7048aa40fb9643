import { isMediasmithError, MediasmithError } from '../../contract/errors.ts';
import { WimFile } from '../../wim/wim-file.ts';
import { allExclusions, isExcluded } from '../exclusions.ts';
import { notAsWritten, writeNewImage } from '../new-image-file.ts';
import type { CaptureTask, ImageToCapture, Task } from '../platform.ts';

/** Captures NTFS volumes by libwim. What is left out is taken off the image before any data is read. */
export async function captureImages(
  images: readonly ImageToCapture[],
  file: string,
  { exclusions, overwrite, reread, onReadBack, signal, onProgress }: CaptureTask,
): Promise<void> {
  refuseOthers(images);
  const patterns = allExclusions(exclusions);
  const options = { ...(signal !== undefined && { signal }), ...(onProgress !== undefined && { onProgress }) };
  const write = async (unfinished: string): Promise<void> => {
    using wim = await WimFile.create('LZX');
    for (const [at, { volume, name, description }] of images.entries()) {
      const index = at + 1;
      await wim.addNtfsVolume(volume.device, name, options);
      await leaveOut(wim, index, patterns);
      if (description !== '') wim.setProperty(index, 'DESCRIPTION', description);
    }
    await wim.write(unfinished, options);
  };
  const verify = async (unfinished: string): Promise<void> => {
    await reread?.();
    await readBack(unfinished, images.length, {
      ...(signal !== undefined && { signal }),
      ...(onReadBack !== undefined && { onProgress: onReadBack }),
    });
  };
  await writeNewImage(file, { write, verify, overwrite });
}

/** Reads an image file whole and compares it with its own sums. `READ_BACK_FAILED`. */
async function readBack(file: string, images: number, task: Task): Promise<void> {
  try {
    using wim = await WimFile.open(file);
    await wim.verify(task);
    const found = wim.info.imageCount;
    if (found !== images) throw notAsWritten(file, new Error(`${found} images, not ${images}`));
  } catch (error) {
    if (!isMediasmithError(error) || (error.code !== 'IMAGE_CORRUPT' && error.code !== 'SOURCE_INVALID')) throw error;
    throw notAsWritten(file, error);
  }
}

function refuseOthers(images: readonly ImageToCapture[]): void {
  const other = images.find(({ volume }) => volume.fileSystem !== 'ntfs');
  if (other === undefined) return;
  throw new MediasmithError('STEP_FAILED', `volume "${other.volume.name}" is not NTFS`, {
    where: other.volume.device,
    hint: 'A FAT32 volume can be captured in WinPE. Nothing was written.',
  });
}

async function leaveOut(wim: WimFile, index: number, patterns: readonly string[]): Promise<void> {
  const gone: string[] = [];
  for (const { path } of await wim.listPaths(index, '/', { recursive: true })) {
    if (gone.some((folder) => path.startsWith(`${folder}/`)) || !isExcluded(path, patterns)) continue;
    await wim.deletePath(index, path);
    gone.push(path);
  }
}
