import { readFile } from 'node:fs/promises';
import type { ImageToCapture, VolumeFiles } from '../../platform/platform.ts';
import type { StepContext } from '../context.ts';

/** Leaves beside an image what it is and how it was made. That it cannot be left there is no failure of the capture. */
export async function leaveReport(
  files: VolumeFiles,
  file: string,
  images: readonly ImageToCapture[],
  { machine, medium, logFile, log }: StepContext,
): Promise<void> {
  const report = {
    file: file.slice(file.lastIndexOf('/') + 1),
    verified: true,
    images: images.map(({ name, description, volume }, at) => ({
      index: at + 1,
      name,
      description,
      volume: volume.name,
    })),
    machine: { make: machine.make, model: machine.model, serial: machine.serial },
    medium: medium.manifest.id,
  };
  try {
    await files.write(`${file}.json`, `${JSON.stringify(report, null, 2)}\n`);
    const written = logFile === '' ? undefined : await readFile(logFile).catch(() => undefined);
    if (written !== undefined) await files.write(`${file}.log`, written);
  } catch (error) {
    log('warning', `the report could not be left beside the image: ${error instanceof Error ? error.message : error}`);
  }
}
