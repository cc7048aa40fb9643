import { describe, expect, it } from 'vitest';
import { decodeAdapters } from '../../../../runtime/native/adapter-addresses.ts';
import { socketAddress, subnetMask } from '../../../../runtime/native/socket-address.ts';

const BASE = 0x7ff6_0000_1000n;
const ADAPTER_BYTES = 448;

/** Memory in which structures point to each other. */
class Memory {
  data = Buffer.alloc(0);
  put(bytes: Buffer): number {
    const at = this.data.length;
    this.data = Buffer.concat([this.data, bytes, Buffer.alloc(-bytes.length & 7)]);
    return at;
  }
  point(from: number, to: number): void {
    this.data.writeBigUInt64LE(BASE + BigInt(to), from);
  }
  text(from: number, text: string): void {
    this.point(from, this.put(Buffer.from(`${text}\0`, 'utf16le')));
  }
  /** A list of addresses that begins at a pointer. */
  addresses(from: number, sockets: readonly Buffer[], prefixLength = 0): void {
    let previous = from;
    for (const socket of sockets) {
      const entry = Buffer.alloc(64);
      entry[56] = prefixLength;
      const at = this.put(entry);
      this.point(previous, at);
      this.point(at + 16, this.put(socket));
      previous = at + 8;
    }
  }
}

const ipv4 = (...bytes: number[]): Buffer => Buffer.from([2, 0, 0, 0, ...bytes, 0, 0, 0, 0, 0, 0, 0, 0]);
const ipv6 = (...bytes: number[]): Buffer => Buffer.from([23, 0, 0, 0, 0, 0, 0, 0, ...bytes, 0, 0, 0, 0]);
const LINK_LOCAL = ipv6(0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);

function adapter(memory: Memory, { mac, type, up, dhcp }: { mac: number[]; type: number; up: boolean; dhcp: boolean }) {
  const bytes = Buffer.alloc(ADAPTER_BYTES);
  bytes.set(mac, 80);
  bytes.writeUInt32LE(mac.length, 88);
  bytes.writeUInt32LE(dhcp ? 4 : 0, 92);
  bytes.writeUInt32LE(type, 100);
  bytes.writeUInt32LE(up ? 1 : 2, 104);
  return memory.put(bytes);
}

function machine(): Memory {
  const memory = new Memory();
  const wired = adapter(memory, { mac: [2, 0, 0, 0xab, 0xcd, 0xef], type: 6, up: true, dhcp: false });
  const wireless = adapter(memory, { mac: [2, 0, 0, 0, 0, 2], type: 71, up: false, dhcp: true });
  const loopback = adapter(memory, { mac: [], type: 24, up: true, dhcp: false });
  const tunnel = adapter(memory, { mac: [0, 0, 0, 0, 0, 0], type: 131, up: true, dhcp: false });
  memory.point(wired + 8, loopback);
  memory.point(loopback + 8, tunnel);
  memory.point(tunnel + 8, wireless);
  memory.text(wired + 72, 'Ethernet');
  memory.text(wired + 64, 'Stand-in Gigabit');
  memory.text(wireless + 72, 'WLAN');
  memory.addresses(wired + 24, [ipv4(192, 0, 2, 7)], 25);
  memory.addresses(wired + 48, [ipv4(192, 0, 2, 1), LINK_LOCAL]);
  memory.addresses(wired + 208, [ipv4(192, 0, 2, 126)]);
  memory.addresses(wireless + 24, [LINK_LOCAL], 64);
  return memory;
}

describe('decodeAdapters', () => {
  it('reads the adapters that have hardware, each with its lists', () => {
    expect(decodeAdapters({ data: machine().data, base: BASE })).toEqual([
      {
        name: 'Ethernet',
        description: 'Stand-in Gigabit',
        mac: '02:00:00:AB:CD:EF',
        connected: true,
        wired: true,
        dhcp: false,
        addresses: ['192.0.2.7'],
        subnetMasks: ['255.255.255.128'],
        gateways: ['192.0.2.126'],
        dnsServers: ['192.0.2.1', 'fe80::1'],
      },
      {
        name: 'WLAN',
        description: '',
        mac: '02:00:00:00:00:02',
        connected: false,
        wired: false,
        dhcp: true,
        addresses: ['fe80::1'],
        subnetMasks: ['64'],
        gateways: [],
        dnsServers: [],
      },
    ]);
  });

  it('ends a list that leads in a circle or out of the memory', () => {
    const memory = new Memory();
    const first = adapter(memory, { mac: [1, 2, 3, 4, 5, 6], type: 6, up: true, dhcp: true });
    memory.point(first + 8, first);
    memory.point(first + 72, 10_000_000);
    const found = decodeAdapters({ data: memory.data, base: BASE });
    expect(new Set(found.map(({ mac, name }) => `${mac}${name}`))).toEqual(new Set(['01:02:03:04:05:06']));
    expect(found.length).toBeLessThan(2000);
  });

  it('reads nothing behind the end, wherever the memory is cut', () => {
    const { data } = machine();
    for (let length = 0; length < data.length; length += 4) {
      const found = decodeAdapters({ data: data.subarray(0, length), base: BASE });
      expect(found.length).toBeLessThanOrEqual(2);
    }
  });

  it('has none where Windows gives none', () => {
    expect(decodeAdapters({ data: Buffer.alloc(0), base: 0n })).toEqual([]);
  });
});

it.each([
  ['192.0.2.1', ipv4(192, 0, 2, 1)],
  ['2001:db8::ff', ipv6(0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff)],
  [undefined, Buffer.from([1, 0, 0, 0, 1, 2, 3, 4])],
  [undefined, ipv4(192, 0, 2, 1).subarray(0, 6)],
  [undefined, Buffer.alloc(0)],
])('the address %s', (address, bytes) => {
  expect(socketAddress(bytes)).toBe(address);
});

it.each([
  ['192.0.2.1', 0, '0.0.0.0'],
  ['192.0.2.1', 1, '128.0.0.0'],
  ['192.0.2.1', 24, '255.255.255.0'],
  ['192.0.2.1', 32, '255.255.255.255'],
  ['192.0.2.1', 255, '255.255.255.255'],
  ['fe80::1', 64, '64'],
])('the mask of %s/%i is %s', (address, prefixLength, mask) => {
  expect(subnetMask(address, prefixLength)).toBe(mask);
});
