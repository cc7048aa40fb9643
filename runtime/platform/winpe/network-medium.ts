import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { MEDIUM_PATHS } from '../../contract/manifest.ts';
import { WebError, WebFiles } from '../../host/web-files.ts';
import { webStream } from '../../host/web-stream.ts';
import type { ContentSource } from '../content-source.ts';
import { KeptMedium } from '../kept-medium.ts';
import { listedFiles } from '../listed-files.ts';
import { manifestIdAt } from '../manifest-id.ts';
import { partsOf } from '../medium-parts.ts';
import type { WinpeHost } from './host.ts';
import { largestVolume } from './keep-place.ts';
import { damaged, refuseAway, refuseOther, unreachable } from './network-errors.ts';

/** How long the web server may be away: also how long an address may take to come. */
const PATIENCE_SECONDS = 60;
/** In memory, beside the runtime. */
const MEMORY_FOLDER = 'network';
const SEQUENCES = `${MEDIUM_PATHS.sequences}/`;

/** Without an id: whatever medium is there. */
export type NetworkMediumWish = {
  url: string;
  id: string | undefined;
  signal?: AbortSignal | undefined;
  patienceSeconds?: number;
};

/**
 * Opens the medium below an address of a web server. Its manifest and sequences are fetched at once, everything else is
 * read where it is, or fetched when a program must open it. `MEDIUM_NOT_FOUND` for a server that does not answer and for
 * another medium. A damaged one is found all the same.
 */
export async function openNetworkMedium(host: WinpeHost, wish: NetworkMediumWish): Promise<KeptMedium> {
  const { url, id, signal, patienceSeconds = PATIENCE_SECONDS } = wish;
  const web = new WebFiles(new URL(url), (line) => host.log('warning', line), patienceSeconds);
  const root = join(host.startFolder, MEMORY_FOLDER);
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
    refuseOther(url, id, await manifestIdAt(root));
    for (const { path } of files) {
      // One that is not there is damage, which the verification names.
      if (path.startsWith(SEQUENCES)) await hold(path).catch(refuseAway);
    }
    return new KeptMedium({
      mounted: { root, device: url, disk: '', launchMode: 'PXE' },
      ...{ files, held, source: webSource(web, url) },
      placeOn: (target) => largestVolume(host, target),
      log: (level, message) => host.log(level, message),
    });
  } catch (error) {
    web.close();
    throw error instanceof WebError ? unreachable(url, error) : error;
  }
}

function webSource(web: WebFiles, url: string): ContentSource {
  return {
    filesToVerify: (files, needed) => {
      if (needed === undefined) return files.filter(({ path }) => path.startsWith(SEQUENCES));
      return [...needed].flatMap((path) => partsOf(files, path));
    },
    read: ({ path, bytes }, signal) => readFromWeb(web, url, path, bytes, signal),
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

async function* readFromWeb(
  web: WebFiles,
  url: string,
  path: string,
  bytes: number,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  try {
    yield* webStream(web, path, bytes, signal);
  } catch (error) {
    throw error instanceof WebError && error.code === 'ETIMEDOUT' ? unreachable(url, error) : error;
  }
}
