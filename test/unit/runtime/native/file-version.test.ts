import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { fileVersion } from '../../../../runtime/native/file-version.ts';
import { temporaryFolder } from '../../../helpers/temporary-folder.ts';

const SECTION = { address: 0x3000, offset: 0x400 };
const FOLDER = 0x80000000;

function directory(id: number, offset: number): Buffer {
  const data = Buffer.alloc(24);
  data.writeUInt16LE(1, 14);
  data.writeUInt32LE(id, 16);
  data.writeUInt32LE(offset, 20);
  return data;
}

/** VS_VERSION_INFO as far as its fixed part. */
function versionInfo([a, b, c, d]: readonly [number, number, number, number]): Buffer {
  const data = Buffer.alloc(92);
  data.writeUInt16LE(92, 0);
  data.writeUInt16LE(52, 2);
  data.write('VS_VERSION_INFO', 6, 'utf16le');
  data.writeUInt32LE(0xfeef04bd, 40);
  data.writeUInt32LE(0x10000, 44);
  for (const [index, word] of [b, a, d, c].entries()) data.writeUInt16LE(word, 48 + index * 2);
  return data;
}

/** An executable with nothing but resources; `magic` is PE32 or PE32+. */
function executable(magic: 0x10b | 0x20b, type = 16, version = versionInfo([10, 0, 26100, 1742])): Buffer {
  const optional = Buffer.alloc(magic === 0x20b ? 240 : 224);
  optional.writeUInt16LE(magic, 0);
  optional.writeUInt32LE(SECTION.address, (magic === 0x20b ? 112 : 96) + 16);
  const pe = Buffer.alloc(24);
  pe.write('PE\0\0', 'latin1');
  pe.writeUInt16LE(1, 6);
  pe.writeUInt16LE(optional.length, 20);
  const dos = Buffer.alloc(128);
  dos.write('MZ', 'latin1');
  dos.writeUInt32LE(dos.length, 0x3c);
  const data = Buffer.alloc(16);
  data.writeUInt32LE(SECTION.address + 88, 0);
  data.writeUInt32LE(version.length, 4);
  const tree = [directory(type, 24 + FOLDER), directory(1, 48 + FOLDER), directory(1033, 72)];
  const resources = Buffer.concat([...tree, data, version]);
  const section = Buffer.alloc(40);
  section.write('.rsrc', 'latin1');
  section.writeUInt32LE(resources.length, 8);
  section.writeUInt32LE(SECTION.address, 12);
  section.writeUInt32LE(resources.length, 16);
  section.writeUInt32LE(SECTION.offset, 20);
  const headers = Buffer.concat([dos, pe, optional, section]);
  return Buffer.concat([headers, Buffer.alloc(SECTION.offset - headers.length), resources]);
}

async function versionOf(content: Buffer): Promise<string | undefined> {
  const file = join(await temporaryFolder(), 'file.exe');
  await writeFile(file, content);
  return fileVersion(file);
}

it.each([0x10b, 0x20b] as const)('reads the version of an executable of kind %i', async (magic) => {
  expect(await versionOf(executable(magic))).toBe('10.0.26100.1742');
});

it('reads numbers up to the last bit', async () => {
  expect(await versionOf(executable(0x20b, 16, versionInfo([65535, 0, 65535, 65535])))).toBe('65535.0.65535.65535');
});

it.each([
  ['an empty file', Buffer.alloc(0)],
  ['a text', Buffer.from('MZ is how it begins, and it goes on for a while after that. '.repeat(4))],
  ['resources without a version', executable(0x20b, 24)],
  ['a version without its signature', executable(0x20b, 16, Buffer.alloc(92))],
  ['zeros behind the mark', Buffer.concat([Buffer.from('MZ'), Buffer.alloc(1000)])],
  ['a PE header far away', Buffer.concat([Buffer.from('MZ'), Buffer.alloc(998, 0xff)])],
])('finds none in %s', async (_, content) => {
  expect(await versionOf(content)).toBeUndefined();
});

it('finds it or nothing in a file that is cut, or damaged at any byte', async () => {
  const whole = executable(0x20b);
  const file = join(await temporaryFolder(), 'file.exe');
  for (let at = 0; at < whole.length; at += 7) {
    await writeFile(file, whole.subarray(0, at));
    expect([undefined, '10.0.26100.1742']).toContain(await fileVersion(file));
    const damaged = Buffer.from(whole);
    damaged[at] = 0xff;
    await writeFile(file, damaged);
    expect(String(await fileVersion(file))).toMatch(/^(undefined|\d+\.\d+\.\d+\.\d+)$/);
  }
});

it('says when the file cannot be opened', async () => {
  await expect(fileVersion(join(await temporaryFolder(), 'none'))).rejects.toMatchObject({ code: 'ENOENT' });
});
