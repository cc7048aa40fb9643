import { lookup } from 'node:dns/promises';
import { mkdtemp, rmdir } from 'node:fs/promises';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { type ContentPlace, uncPath } from '../../contract/content-from.ts';
import { MediasmithError } from '../../contract/errors.ts';
import type { Argv, Exec } from '../../host/exec.ts';
import { type MountCall, mountForReading } from '../../native/linux-mount.ts';
import type { MountedMedium } from '../platform.ts';

export type Share = ContentPlace & { kind: 'share' };
export type ShareAccess = {
  exec: Exec;
  password?: string | undefined;
  signal?: AbortSignal | undefined;
  /** Others in tests. */
  mount?: MountCall;
  resolve?: (server: string) => Promise<string>;
  patienceSeconds?: number;
};

/** How long a server may be away: also how long a switch may take to let this computer through. */
const PATIENCE_SECONDS = 60;
const LOOK_AGAIN_MILLISECONDS = 1000;
/** The kernel cannot load what encrypts and signs by itself (builder/boot/linux/network-modules.ts). */
const MODULES = ['cifs', 'cmac', 'ccm', 'gcm', 'seqiv', 'aesni_intel', 'ghash_generic', 'ghash_clmulni_intel', 'md4'];

const { EACCES, EPERM, ENOENT, ENXIO, ENODEV, ETIMEDOUT, EHOSTUNREACH, ENETUNREACH, ECONNREFUSED } = constants.errno;
/** Linux' own numbers, which no other system has. */
const [EHOSTDOWN, EKEYEXPIRED, EKEYREVOKED] = [112, 127, 128];
const AWAY = new Set([ETIMEDOUT, EHOSTUNREACH, ENETUNREACH, ECONNREFUSED, EHOSTDOWN]);
const REFUSED = new Set([EACCES, EPERM]);
const MEANINGS: ReadonlyMap<number, string> = new Map([
  [ENOENT, 'the server has no such share or folder'],
  [ENXIO, 'the server has no such share'],
  [ENODEV, 'this boot environment cannot read shares'],
  [EKEYEXPIRED, 'the password has expired'],
  [EKEYREVOKED, 'the account is locked or disabled'],
  ...[...AWAY].map((number): [number, string] => [number, 'the server does not answer']),
]);

/**
 * Mounts a folder of a Windows share for reading, by SMB 2.1 or newer; stays mounted until the machine restarts.
 * `PASSWORD_WRONG` where the server refuses the account, `MEDIUM_NOT_FOUND` for everything else.
 */
export async function mountShare(share: Share, access: ShareAccess): Promise<MountedMedium> {
  const { exec, signal, mount = mountForReading, resolve = addressOf, patienceSeconds = PATIENCE_SECONDS } = access;
  const device = uncPath(share);
  await exec(modulesArgv()).catch(() => undefined);
  const root = await mkdtemp(join(tmpdir(), 'medium-'));
  const deadline = performance.now() + patienceSeconds * 1000;
  try {
    for (;;) {
      signal?.throwIfAborted();
      const address = await resolve(share.server).catch(() => undefined);
      const data = address === undefined ? undefined : mountData(share, address, access.password);
      const error = data === undefined ? undefined : await mount(device.replaceAll('\\', '/'), root, 'cifs', data);
      if (error === 0) return { root, device, disk: '', launchMode: 'PXE' };
      const mayCome = error === undefined || AWAY.has(error);
      if (!mayCome || performance.now() >= deadline) throw failure(share, error);
      await setTimeout(LOOK_AGAIN_MILLISECONDS, undefined, { ...(signal !== undefined && { signal }) });
    }
  } catch (error) {
    await rmdir(root);
    throw error;
  }
}

/** Pure. */
export function modulesArgv(): Argv {
  return ['modprobe', '-a', ...MODULES];
}

/**
 * Pure: the options of the kernel's own parser (Linux: Documentation/admin-guide/cifs/usage.rst), in which a comma in a
 * value is written twice. Without a user: a share that is open to everybody.
 */
export function mountData({ user }: Pick<Share, 'user'>, address: string, password = ''): string {
  const [, domain, name = user] = /^([^\\]+)\\(.*)$/.exec(user ?? '') ?? [];
  const account: [string, string | undefined][] =
    user === undefined
      ? [['sec', 'none']]
      : [
          ['username', name],
          ['password', password],
          ['domain', domain],
        ];
  const options: [string, string | undefined][] = [['ip', address], ...account, ['iocharset', 'utf8']];
  return options
    .flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${value.replaceAll(',', ',,')}`]))
    .join(',');
}

async function addressOf(server: string): Promise<string> {
  return (await lookup(server)).address;
}

function failure(share: Share, error: number | undefined): MediasmithError {
  const where = uncPath(share);
  if (error === undefined) {
    return new MediasmithError('MEDIUM_NOT_FOUND', `no name server knows ${share.server}`, {
      where,
      hint: "Check this computer's cable and address (ip addr), and that the name is known to DNS: short Windows names often are not.",
    });
  }
  if (REFUSED.has(error) && share.user !== undefined)
    return new MediasmithError('PASSWORD_WRONG', `${where}: the account or the password is wrong`, { where });
  const meaning = REFUSED.has(error) ? 'access is denied' : (MEANINGS.get(error) ?? `error ${error} of the kernel`);
  return new MediasmithError('MEDIUM_NOT_FOUND', `${where} cannot be opened: ${meaning}`, {
    where,
    hint: "Check the server, the share and who may read it, and this computer's cable and address (ip addr).",
  });
}
