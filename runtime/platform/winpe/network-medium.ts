import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { MEDIUM_PATHS } from '../../contract/manifest.ts';
import { WebError, WebFiles } from '../../host/web-files.ts';
import { webStream } from '../../host/web-stream.ts';
import type { ContentSource, KeepPlace } from '../content-source.ts';
import { KeptMedium } from '../kept-medium.ts';
import { listedFiles } from '../listed-files.ts';
import { bootImageAt, manifestIdAt } from '../manifest-id.ts';
import { partsOf } from '../medium-parts.ts';
import type { TargetDisk } from '../platform.ts';
import type { WinpeHost } from './host.ts';
import { largestVolume } from './keep-place.ts';
import {
  damaged,
  type NetworkReader,
  refuseAway,
  refuseOther,
  refuseOtherImage,
  unreachable,
} from './network-errors.ts';

/** How long the web server may be away: also how long an address may take to come. */
const PATIENCE_SECONDS = 60;
/** In memory, beside the runtime. */
const MEMORY_FOLDER = 'network';
const SEQUENCES = `${MEDIUM_PATHS.sequences}/`;

/** Without an id: whatever medium is there. */
export type NetworkMediumWish = {
  url: string;
  id: string | undefined;
  /** The boot image that must start it. */
  bootImage?: string;
  signal?: AbortSignal | undefined;
  patienceSeconds?: number;
};

/** How a medium on a web server is read by one platform. */
export type NetworkReading = {
  reader: NetworkReader;
  /** Holds what is fetched at once; what is there goes. */
  root: string;
  /** The medium was verified when the run began: each file is held against the manifest when it is fetched, and not before. */
  verified?: boolean;
  placeOn: (target: TargetDisk) => KeepPlace | undefined;
  /** Where things are kept from the beginning. */
  place?: KeepPlace;
};

/** From WinPE: into memory, and onto the disk that is being deployed. */
export function openNetworkMedium(host: WinpeHost, wish: NetworkMediumWish): Promise<KeptMedium> {
  return readNetworkMedium(host, wish, {
    reader: 'winpe',
    root: join(host.startFolder, MEMORY_FOLDER),
    placeOn: (target) => largestVolume(host, target),
  });
}

/**
 * Opens the medium below an address of a web server. Its manifest and sequences are fetched at once, everything else is
 * read where it is, or fetched when a program must open it. `MEDIUM_NOT_FOUND` for a server that does not answer and for
 * another medium. A damaged one is found all the same.
 */
export async function readNetworkMedium(
  host: Pick<WinpeHost, 'log'>,
  wish: NetworkMediumWish,
  reading: NetworkReading,
): Promise<KeptMedium> {
  const { url, id, bootImage, signal, patienceSeconds = PATIENCE_SECONDS } = wish;
  const { reader, root, placeOn, place } = reading;
  const web = new WebFiles(new URL(url), (line) => host.log('warning', line), patienceSeconds);
  try {
    await rm(root, { recursive: true, force: true });
    const held = new Set<string>();
    const hold = async (path: string, options?: { optional: boolean }): Promise<Buffer> => {
      const data = await web.readWhole(path, signal, options);
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), data);
      held.add(path);
      return data;
    };
    const files = listedFiles(await hold(MEDIUM_PATHS.manifest));
    await hold(MEDIUM_PATHS.manifestDigest);
    await hold(MEDIUM_PATHS.manifestSignature, { optional: true }).catch(refuseAway);
    const found = await manifestIdAt(root);
    refuseOther({ url, id }, found);
    if (found !== undefined) refuseOtherImage(url, bootImage, (await bootImageAt(root)) ?? 'none');
    for (const { path } of files) {
      // One that is not there is damage, which the verification names.
      if (path.startsWith(SEQUENCES)) await hold(path).catch(refuseAway);
    }
    return new KeptMedium({
      mounted: { root, device: url, disk: '', launchMode: 'PXE', address: url },
      ...{ files, held, placeOn, source: webSource(web, url, reading) },
      log: (level, message) => host.log(level, message),
      ...(place !== undefined && { place }),
    });
  } catch (error) {
    web.close();
    throw error instanceof WebError ? unreachable(url, error, reader) : error;
  }
}

function webSource(web: WebFiles, url: string, { reader, verified = false }: NetworkReading): ContentSource {
  return {
    filesToVerify: (files, needed) => {
      if (needed === undefined) return files.filter(({ path }) => path.startsWith(SEQUENCES));
      return verified ? [] : [...needed].flatMap((path) => partsOf(files, path));
    },
    read: ({ path, bytes }, signal) =>
      tellingWhere(webStream(web, path, bytes, signal), (error) => unreachable(url, error, reader)),
    locate: async () => undefined,
    explain: ({ path }, error) => (error instanceof WebError ? damaged(path, error) : error),
    hint: 'Copy the tree to the server again, and look at the network: bytes have changed on their way. Then start again.',
    askForDiscs: () => undefined,
    missingDiscs: async () => [],
    find: async () => undefined,
    release: async () => undefined,
    close: async () => web.close(),
  };
}

async function* tellingWhere(
  content: AsyncIterable<Uint8Array>,
  away: (error: WebError) => Error,
): AsyncGenerator<Uint8Array> {
  try {
    yield* content;
  } catch (error) {
    throw error instanceof WebError && error.code === 'ETIMEDOUT' ? away(error) : error;
  }
}
