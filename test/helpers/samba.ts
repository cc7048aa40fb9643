import { mkdir, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { MachineNetwork } from '../../builder/boot-test/machine.ts';
import { cacheFolder } from '../../builder/cache-folder.ts';
import { exec } from '../../runtime/host/exec.ts';
import { unpackedSamba } from './samba-packages.ts';

export type SambaShare = { name: string; folder: string; writable?: boolean; encrypted?: boolean };
type Wishes = { shares: readonly SambaShare[]; account: string; password: string };

/** Where machines that have {@link prepareSamba}'s network find its shares. */
export const SAMBA_HOST = '10.0.2.4';
const SMB_PORT = 445;

/**
 * A real Samba with one account, in the network of a machine. It listens nowhere on this computer: QEMU starts an smbd
 * for each connection. Everything it keeps lies in `folder`. SMB 3 alone, and nobody without the password.
 */
export async function prepareSamba(folder: string, { shares, account, password }: Wishes): Promise<MachineNetwork> {
  const state = join(folder, 'state');
  await mkdir(state, { recursive: true, mode: 0o700 });
  for (const share of shares) await mkdir(share.folder, { recursive: true });
  const { username } = userInfo();
  const accounts = join(folder, 'accounts');
  await writeFile(accounts, `${username} = ${account}\n`);
  const config = join(folder, 'smb.conf');
  await writeFile(config, configText(state, accounts, shares));
  const { smbd, pdbedit } = await unpackedSamba(cacheFolder(), exec);
  const addAccount = [...pdbedit, '-s', config, '-a', '-t', '-u', username] as const;
  await exec(addAccount, { input: `${password}\n${password}\n` });
  const argv = [...smbd, '-s', config, '-l', folder] as const;
  return { servers: [{ address: SAMBA_HOST, port: SMB_PORT, argv }] };
}

function configText(state: string, accounts: string, shares: readonly SambaShare[]): string {
  const places = [
    'private dir',
    'lock directory',
    'state directory',
    'cache directory',
    'pid directory',
    'ncalrpc dir',
  ];
  return [
    '[global]',
    ...['server role = standalone server', 'server min protocol = SMB3', 'map to guest = never'],
    ...[`passdb backend = tdbsam:${state}/passdb.tdb`, `username map = ${accounts}`],
    ...places.map((name) => `${name} = ${state}`),
    ...['load printers = no', 'printing = bsd', 'usershare max shares = 0'],
    ...shares.flatMap(({ name, folder, writable = false, encrypted = false }) => [
      `[${name}]`,
      ...[`path = ${folder}`, `read only = ${writable ? 'no' : 'yes'}`],
      ...(encrypted ? ['smb encrypt = required'] : []),
    ]),
    '',
  ].join('\n');
}
