import { join } from 'node:path';
import { MEDIUM_PATHS } from '../contract/manifest.ts';
import { exists } from '../host/exists.ts';
import { isReadFirst } from '../platform/hold-medium.ts';
import type { VolumeFiles } from '../platform/platform.ts';
import { KEPT_MEDIUM_FOLDER, STATE_FOLDER } from '../platform/state-folder.ts';
import { contentToCarry } from './copy-first.ts';
import { progressReporter } from './progress-reporter.ts';
import type { Runner } from './runner.ts';

/**
 * Puts what the sequence still needs of the medium onto the Windows that goes on with it, where the medium may be out of
 * its drive by then. What is there already is from a start that was cut.
 */
export async function carryContent({ services, state, numbers, lastStep }: Runner): Promise<void> {
  const { platform, medium, signal, emit } = services;
  const done = lastStep === undefined ? 0 : (numbers.steps.get(lastStep.step) ?? 0);
  const later = [...numbers.steps].flatMap(([step, number]) => (number > done ? [step] : []));
  const content = contentToCarry(later, medium);
  const windows = state.target?.windows;
  if (content === undefined || windows === undefined) return;
  await using volume = await platform.mount(windows, 'write');
  const { manifest, manifestDigest, manifestSignature } = MEDIUM_PATHS;
  const read = medium.manifest.files.map(({ path }) => path).filter(isReadFirst);
  for (const path of [manifest, manifestDigest, manifestSignature, ...read]) {
    const file = join(medium.root, path);
    if (await exists(file)) await carry(file, path, volume.files);
  }
  const onProgress = progressReporter(emit, 'Copying content for Windows');
  for (const { path } of content) {
    if (await volume.files.exists(placeOf(path))) continue;
    await carry(await platform.mediumFile(medium, path, { signal, onProgress }), path, volume.files);
  }
}

function carry(file: string, path: string, files: VolumeFiles): Promise<void> {
  return files.copyIn(file, placeOf(path));
}

const placeOf = (path: string): string => `${STATE_FOLDER}/${KEPT_MEDIUM_FOLDER}/${path}`;
