import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { MachineNetwork } from '../../builder/boot-test/machine.ts';
import { exec } from '../../runtime/host/exec.ts';

export type SambaShare = { name: string; folder: string; writable?: boolean; encrypted?: boolean };
type Wishes = { shares: readonly SambaShare[]; account: string; password: string };

/** Debian's package samba starts a file server where it is installed, so that nothing here installs it. */
export const SAMBA_IS_HERE = existsSync('/usr/sbin/smbd');

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
  const config = join(folder, 'smb.conf');
  const accounts = join(folder, 'accounts');
  await writeFile(accounts, `root = ${account}\n`);
  await writeFile(config, configText(state, accounts, join(folder, 'smbd.log'), shares));
  await exec(['smbpasswd', '-c', config, '-a', '-s', 'root'], { input: `${password}\n${password}\n` });
  return { servers: [{ address: SAMBA_HOST, port: SMB_PORT, argv: ['smbd', '-s', config] }] };
}

function configText(state: string, accounts: string, log: string, shares: readonly SambaShare[]): string {
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
    ...[`passdb backend = tdbsam:${state}/passdb.tdb`, `username map = ${accounts}`, `log file = ${log}`],
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
