import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { MediasmithError } from '../../contract/errors.ts';
import { WINPE_NETWORK_FILE, WinpeNetwork } from '../../contract/winpe-start.ts';
import { REMEMBERED_MEDIUM, rememberedAddress } from '../remembered-medium.ts';
import { wpeutilArgv } from './command-lines.ts';
import { tryTo, type WinpeHost } from './host.ts';
import { stagedDrives } from './restart.ts';
import { runTool } from './run-tool.ts';

/**
 * What the network start has put into `X:\Windows\System32`; undefined where WinPE was started from a drive. Throws
 * `MEDIUM_NOT_FOUND` for a file that gives no address.
 */
export function readNetwork(systemFolder: string): WinpeNetwork | undefined {
  const file = join(systemFolder, WINPE_NETWORK_FILE);
  try {
    return WinpeNetwork.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    throw new MediasmithError('MEDIUM_NOT_FOUND', 'the network start does not say where the medium is', {
      where: file,
      hint: `Correct ${WINPE_NETWORK_FILE} in the medium's folder on the server, and start again.`,
      cause,
    });
  }
}

/**
 * Where the medium of a run is that a Windows goes on with here, when a web server has it; undefined where this WinPE was
 * not put onto the disk by a Windows.
 */
export async function addressBeside(host: Pick<WinpeHost, 'win32' | 'drive'>): Promise<string | undefined> {
  for (const letter of await stagedDrives(host)) {
    const remembered = await readFile(join(host.drive(letter), REMEMBERED_MEDIUM), 'utf8').catch(() => undefined);
    const address = rememberedAddress(remembered);
    if (address !== undefined) return address;
  }
  return undefined;
}

/** wpeinit has started the network, unless the driver of the adapter came only after it. */
export async function startNetwork(host: WinpeHost, isUp: () => boolean = hasAddress): Promise<void> {
  for (const command of ['InitializeNetwork', 'WaitForNetwork']) {
    if (isUp()) return;
    const argv = wpeutilArgv(host.systemRoot, command);
    await tryTo(host, () => runTool(host.exec, { tool: 'wpeutil', failure: 'the network could not be started', argv }));
  }
}

/** One that a computer gives itself when nobody else does leads nowhere. */
function hasAddress(): boolean {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .some(({ internal, address }) => !internal && !/^(169\.254\.|fe80:)/i.test(address));
}
