import { getServers } from 'node:dns';
import { stat } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import type { NetworkAdapter } from '../../contract/machine.ts';
import { listEntries, readAttribute } from './sysfs.ts';

/** What the kernel does not show as a file; others in tests. */
export type NetworkState = { interfaces: typeof networkInterfaces; dnsServers: () => string[] };

const ETHERNET = '1';
const MAC = /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i;

/**
 * Every adapter with a hardware address of six bytes. The boot environment gets its addresses by DHCP alone. The servers
 * for names belong to the system and not to an adapter: each that has an address shows them.
 */
export async function readNetworkAdapters(
  { sys, proc }: { sys: string; proc: string },
  { interfaces, dnsServers }: NetworkState = { interfaces: networkInterfaces, dnsServers: getServers },
): Promise<NetworkAdapter[]> {
  const folder = join(sys, 'class/net');
  const gateways = defaultGateways(await readAttribute(proc, 'net/route'));
  const known = interfaces();
  const adapters = (await listEntries(folder)).map(async (name): Promise<NetworkAdapter | undefined> => {
    const mac = await readAttribute(folder, name, 'address');
    if (!MAC.test(mac) || (await readAttribute(folder, name, 'type')) !== ETHERNET) return undefined;
    const addresses = known[name] ?? [];
    return {
      name,
      description: await readAttribute(folder, name, 'device/uevent').then(driverOf),
      mac: mac.toUpperCase(),
      connected: (await readAttribute(folder, name, 'carrier')) === '1',
      wired: !(await isFolder(join(folder, name, 'wireless'))) && !(await isFolder(join(folder, name, 'phy80211'))),
      dhcp: true,
      addresses: addresses.map(({ address }) => address),
      // Of an IPv6 address the prefix length, as Windows' own inventory has it.
      subnetMasks: addresses.map(({ family, netmask, cidr }) =>
        family === 'IPv4' ? netmask : (cidr?.split('/')[1] ?? ''),
      ),
      gateways: gateways.get(name) ?? [],
      dnsServers: addresses.length > 0 ? dnsServers() : [],
    };
  });
  return (await Promise.all(adapters)).filter((adapter) => adapter !== undefined);
}

/** The gateways of default routes by interface; the kernel writes an address as a number, lowest byte first. Pure. */
function defaultGateways(routes: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const line of routes.split('\n').slice(1)) {
    const [name = '', destination, gateway = ''] = line.trim().split(/\s+/);
    if (destination !== '00000000' || !/^[0-9A-F]{8}$/i.test(gateway) || gateway === '00000000') continue;
    const address = [...Buffer.from(gateway, 'hex')].reverse().join('.');
    found.set(name, [...(found.get(name) ?? []), address]);
  }
  return found;
}

function driverOf(uevent: string): string {
  return /^DRIVER=(.+)$/m.exec(uevent)?.[1] ?? '';
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
}
