import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { KeepPlace } from '../content-source.ts';
import type { KeptMedium } from '../kept-medium.ts';
import { STATE_FOLDER } from '../state-folder.ts';
import type { WinpeHost } from '../winpe/host.ts';
import { readNetworkMedium } from '../winpe/network-medium.ts';
import { addressBefore, mediumAround } from './medium.ts';

/** How long the web server may be away: Windows starts its network long after this program, and a card may lack its driver. */
const PATIENCE_SECONDS = 15 * 60;
/** Below the folder of the state, with which it goes. */
const NETWORK_FOLDER = 'Network';

/**
 * The medium of a run that was begun with one on a web server, read from there again. What a step needs is fetched to the
 * drive of Windows, held against the manifest meanwhile, and stays until the run has ended. Undefined where the run has
 * another medium, or this program lies on the one with this id.
 */
export async function openRememberedMedium(
  host: Pick<WinpeHost, 'drive' | 'log'>,
  { letter, program }: { letter: string; program: string },
  id: string,
  signal?: AbortSignal,
  patienceSeconds = PATIENCE_SECONDS,
): Promise<KeptMedium | undefined> {
  const url = await addressBefore(host, letter);
  if (url === undefined || (await mediumAround(program))?.id === id) return undefined;
  const minutes = Math.ceil(patienceSeconds / 60);
  host.log('info', `the medium is read from ${url}; the network is waited for, ${minutes} min at most`);
  const folder = join(host.drive(letter), STATE_FOLDER, NETWORK_FOLDER);
  const place = folderPlace(`${letter}:`, join(folder, 'content'));
  return readNetworkMedium(
    host,
    { url, id, signal, patienceSeconds },
    { reader: 'windows', verified: true, root: join(folder, 'medium'), place, placeOn: () => place },
  );
}

function folderPlace(name: string, folder: string): KeepPlace {
  return {
    name,
    open: async () => {
      await mkdir(folder, { recursive: true });
      return folder;
    },
    leave: async () => undefined,
    clear: () => rm(folder, { recursive: true, force: true }),
  };
}
