import type { Emit } from '../../runtime/contract/events.ts';
import { WimFile } from '../../runtime/wim/wim-file.ts';
import { EDITIONS, type Edition } from './editions.ts';
import { IMAGE_TIME } from './image-time.ts';

const GUID = '6d656469617361746974682d64656d6f';

/** Captures one volume for each edition into a WIM, what they share once, and says in it what Windows' own images say. */
export async function captureImages(
  volumes: readonly string[],
  path: string,
  { emit, signal }: { emit: Emit; signal?: AbortSignal },
): Promise<void> {
  using wim = await WimFile.create('LZX');
  for (const [index, edition] of EDITIONS.entries()) {
    const volume = volumes[index];
    if (volume === undefined) throw new Error(`no volume for ${edition.name}`);
    await wim.addNtfsVolume(volume, edition.name, { created: IMAGE_TIME, ...(signal && { signal }) });
    for (const [key, value] of properties(edition)) wim.setProperty(index + 1, key, value);
  }
  wim.setGuid(GUID);
  await wim.write(path, {
    onProgress: ({ doneBytes, totalBytes }) =>
      emit({ event: 'progress', title: 'Compressing it', done: doneBytes, total: totalBytes, unit: 'bytes' }),
    ...(signal && { signal }),
  });
}

function properties(edition: Edition): [key: string, value: string][] {
  return [
    ['DESCRIPTION', `${edition.name}: this is not Windows`],
    ['DISPLAYNAME', edition.name],
  ];
}
