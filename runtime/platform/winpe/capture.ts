import { join } from 'node:path';
import { allExclusions, wimScript } from '../exclusions.ts';
import { writeNewImage } from '../new-image-file.ts';
import type { CaptureTask, ImageToCapture } from '../platform.ts';
import { makeTemporaryFolder } from '../temporary-folder.ts';
import { captureImageArgv } from './command-lines.ts';
import type { WinpeHost } from './host.ts';
import { DISM_LOG, percentOf } from './image.ts';
import { runTool } from './run-tool.ts';
import { checkIntegrity } from './wim-integrity.ts';

/** Captures volumes by DISM into one file: the first begins it, the others are added. */
export async function captureImages(
  { exec, systemRoot, logFolder }: WinpeHost,
  images: readonly ImageToCapture[],
  file: string,
  { exclusions, overwrite, reread, onReadBack, signal, onProgress }: CaptureTask,
): Promise<void> {
  await using folder = await makeTemporaryFolder();
  const configFile = await folder.write('WimScript.ini', wimScript(allExclusions(exclusions)));
  const logFile = join(logFolder, DISM_LOG);
  const totalBytes = images.reduce((sum, { volume }) => sum + volume.bytes, 0);
  const write = async (unfinished: string): Promise<void> => {
    let before = 0;
    for (const [index, { volume, name, description }] of images.entries()) {
      const common = { name, description, configFile, logFile, scratchFolder: undefined };
      const wish = { ...common, file: unfinished, folder: volume.device };
      const argv = captureImageArgv(systemRoot, wish, index === 0 ? 'capture' : 'append');
      const doneBefore = before;
      await runTool(exec, {
        tool: 'dism',
        argv,
        failure: `${volume.name} (${volume.device}) could not be captured to ${file}`,
        logFile,
        signal,
        onLine: (line) => {
          const percent = percentOf(line);
          if (percent !== undefined)
            onProgress?.({ doneBytes: doneBefore + Math.round((volume.bytes * percent) / 100), totalBytes });
        },
      });
      before += volume.bytes;
    }
  };
  const verify = async (unfinished: string): Promise<void> => {
    await reread?.();
    await checkIntegrity(unfinished, {
      ...(signal !== undefined && { signal }),
      ...(onReadBack !== undefined && { onProgress: onReadBack }),
    });
  };
  await writeNewImage(file, { write, verify, overwrite });
}
