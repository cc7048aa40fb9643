import type { SourceContext } from '../sources/source-tree.ts';
import type { UsbDevice } from '../usb/usb-device.ts';
import { filesOnDisk } from './open-disk.ts';
import { readMediumManifest } from './read-manifest.ts';

/** A medium of ours, by its manifest. */
export type MediumOnDisk = {
  id: string;
  name: string;
  /** The version of Mediasmith that has made it. */
  builtBy: string;
  /** Who has built it and when, where it says so. */
  record?: { by: string; at: string };
};

/**
 * Each disk with the medium on it: null where there is none, absent where nobody could look. Looked at is what is made to be
 * taken out; whatever is wrong with it is no error here.
 */
export async function withMedia(
  devices: readonly UsbDevice[],
  context: SourceContext,
): Promise<(UsbDevice & { medium?: MediumOnDisk | null })[]> {
  return Promise.all(
    devices.map(async (device) => {
      if (!device.removable || device.bytes === 0) return device;
      try {
        return { ...device, medium: (await mediumOnDisk(device.device, context)) ?? null };
      } catch {
        context.signal.throwIfAborted();
        return device;
      }
    }),
  );
}

/** More than any manifest of ours: what somebody else calls one is not to fill the memory. */
const MOST_BYTES = 256 * 1024 ** 2;

async function mediumOnDisk(path: string, context: SourceContext): Promise<MediumOnDisk | undefined> {
  const { medium } = await filesOnDisk(path, context);
  if (
    medium === undefined ||
    medium.files.some(({ bytes, path: name }) => bytes > MOST_BYTES && IS_MANIFEST.test(name))
  )
    return undefined;
  const { id, name, builtBy, record } = (await readMediumManifest(medium)).manifest;
  return { id, name, builtBy, ...(record !== undefined && { record }) };
}

const IS_MANIFEST = /^mediasmith\/manifest\.json/i;
