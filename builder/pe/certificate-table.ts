import { createHash } from 'node:crypto';
import { notPe } from './bounded-bytes.ts';
import { CERTIFICATE_DIRECTORY, type PeHeaders } from './pe-headers.ts';

const TYPE_PKCS7 = 2;
const ENTRY_HEADER = 8;

/** The PKCS #7 blobs of the certificate table, in its order. An entry is aligned to 8 bytes, so zeros may follow a blob. */
export function certificateTable(headers: PeHeaders, where: string): Uint8Array[] {
  const table = headers.directory(CERTIFICATE_DIRECTORY);
  if (table === undefined) return [];
  const { bytes } = headers;
  const blobs: Uint8Array[] = [];
  const end = table.rva + table.size;
  for (let at = table.rva; at + ENTRY_HEADER <= end; ) {
    const length = bytes.u32(at);
    if (length <= ENTRY_HEADER || at + length > end)
      throw notPe(where, 'an entry of its certificate table is too long');
    if (bytes.u16(at + 6) === TYPE_PKCS7) blobs.push(bytes.slice(at + ENTRY_HEADER, length - ENTRY_HEADER));
    at += Math.ceil(length / 8) * 8;
  }
  return blobs;
}

/**
 * The hash a signature is made over: the file without its checksum, without the entry of the certificate table and
 * without the table itself (Microsoft's "Windows Authenticode Portable Executable Signature Format").
 */
export function authenticodeDigest(headers: PeHeaders, algorithm: 'sha1' | 'sha256' | 'sha384' | 'sha512'): Buffer {
  const { bytes, checksumAt, certificateEntryAt } = headers;
  const table = headers.directory(CERTIFICATE_DIRECTORY);
  const holes = [
    [checksumAt, 4],
    ...(certificateEntryAt === undefined ? [] : [[certificateEntryAt, 8]]),
    ...(table === undefined ? [] : [[table.rva, table.size]]),
  ] as [number, number][];
  const hash = createHash(algorithm);
  let at = 0;
  for (const [hole, size] of holes) {
    hash.update(bytes.slice(at, hole - at));
    at = hole + size;
  }
  return hash.update(bytes.slice(at, bytes.length - at)).digest();
}
