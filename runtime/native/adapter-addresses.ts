import type { NetworkAdapter } from '../contract/machine.ts';
import { socketAddress, subnetMask } from './socket-address.ts';

/** Offsets in a 64-bit build's structures (Microsoft: iptypes.h). */
const ADAPTER = {
  bytes: 112,
  next: 8,
  unicast: 24,
  dnsServer: 48,
  description: 64,
  friendlyName: 72,
  physicalAddress: 80,
  physicalAddressLength: 88,
  flags: 92,
  type: 100,
  status: 104,
  gateway: 208,
} as const;
const ENTRY = { next: 8, address: 16, prefixLength: 56 } as const;
const DHCP_ENABLED = 0x04;
const UP = 1;
/** IANA's ifType numbers. */
const ETHERNET = 6;
const NO_HARDWARE = [24, 131];
const MAC_BYTES = 6;
/** A ring of pointers must end. */
const MOST_ENTRIES = 1024;

/**
 * The adapters in what GetAdaptersAddresses has left: those with a hardware address of six bytes, without loopback and
 * tunnels. `base` is the address of `data`. A pointer that leads out of the bytes ends its list, and its text is empty.
 */
export function decodeAdapters({ data, base }: { data: Buffer; base: bigint }): NetworkAdapter[] {
  const memory = pointers(data, base);
  const first = data.length >= ADAPTER.bytes ? [0] : [];
  return first
    .flatMap((at) => [...memory.list(at, ADAPTER.next)])
    .filter((at) => at + ADAPTER.gateway + 8 <= data.length)
    .flatMap((at) => {
      const type = data.readUInt32LE(at + ADAPTER.type);
      if (data.readUInt32LE(at + ADAPTER.physicalAddressLength) !== MAC_BYTES || NO_HARDWARE.includes(type)) return [];
      const mac = data.toString('hex', at + ADAPTER.physicalAddress, at + ADAPTER.physicalAddress + MAC_BYTES);
      const addressesAt = (offset: number) =>
        memory.entries(at + offset).map((entry) => ({ entry, address: memory.address(entry + ENTRY.address) }));
      const plain = (offset: number) =>
        addressesAt(offset).flatMap(({ address }) => (address === undefined ? [] : [address]));
      const unicast = addressesAt(ADAPTER.unicast).filter(({ address }) => address !== undefined);
      return [
        {
          name: memory.text(at + ADAPTER.friendlyName),
          description: memory.text(at + ADAPTER.description),
          mac: (mac.toUpperCase().match(/../g) ?? []).join(':'),
          connected: data.readUInt32LE(at + ADAPTER.status) === UP,
          wired: type === ETHERNET,
          dhcp: (data.readUInt32LE(at + ADAPTER.flags) & DHCP_ENABLED) !== 0,
          addresses: unicast.map(({ address = '' }) => address),
          subnetMasks: unicast.map(({ entry, address = '' }) =>
            subnetMask(address, data[entry + ENTRY.prefixLength] ?? 0),
          ),
          gateways: plain(ADAPTER.gateway),
          dnsServers: plain(ADAPTER.dnsServer),
        },
      ];
    });
}

/** What can be read through pointers into these bytes. */
function pointers(data: Buffer, base: bigint) {
  /** Where a pointer leads; undefined for none and for one that leads elsewhere. */
  const target = (at: number): number | undefined => {
    if (at + 8 > data.length) return undefined;
    const offset = data.readBigUInt64LE(at) - base;
    return offset < 0n || offset >= BigInt(data.length) ? undefined : Number(offset);
  };
  function* list(first: number | undefined, next: number): Generator<number> {
    let at = first;
    for (let count = 0; at !== undefined && count < MOST_ENTRIES; count++) {
      yield at;
      at = target(at + next);
    }
  }
  return {
    list,
    entries: (at: number): number[] => [...list(target(at), ENTRY.next)],
    address: (at: number): string | undefined => {
      const place = target(at);
      return place === undefined ? undefined : socketAddress(data.subarray(place));
    },
    text: (at: number): string => {
      const place = target(at);
      if (place === undefined) return '';
      const [text = ''] = data.toString('utf16le', place).split('\0', 1);
      return text;
    },
  };
}
