const IPV4 = { family: 2, offset: 4, bytes: 4 } as const;
const IPV6 = { family: 23, offset: 8, bytes: 16 } as const;

/** The text of Windows' SOCKADDR_IN or SOCKADDR_IN6; undefined for another family and for bytes that end too early. */
export function socketAddress(data: Buffer): string | undefined {
  const family = data.length < 2 ? 0 : data.readUInt16LE(0);
  const kind = [IPV4, IPV6].find((candidate) => candidate.family === family);
  if (kind === undefined || data.length < kind.offset + kind.bytes) return undefined;
  const address = data.subarray(kind.offset, kind.offset + kind.bytes);
  if (kind === IPV4) return address.join('.');
  const words = Array.from({ length: 8 }, (_, index) => address.readUInt16BE(index * 2).toString(16));
  // The standard's short form, as every system shows it.
  return new URL(`http://[${words.join(':')}]`).hostname.slice(1, -1);
}

/** The mask of an IPv4 address, 255.255.255.0; of an IPv6 address the prefix length, as Windows' own inventory has it. */
export function subnetMask(address: string, prefixLength: number): string {
  if (address.includes(':')) return String(prefixLength);
  const bits = Math.min(prefixLength, 32);
  const mask = bits === 0 ? 0 : (0xffffffff << (32 - bits)) >>> 0;
  return [24, 16, 8, 0].map((shift) => (mask >>> shift) & 0xff).join('.');
}
