import { expect, it } from 'vitest';
import { UnknownUdf } from '../../../../../builder/sources/iso/udf-descriptor.ts';
import { parseFolder } from '../../../../../builder/sources/iso/udf-folder.ts';
import { fileIdentifier, seal } from '../../../../helpers/udf-blocks.ts';

const [IS_FOLDER, DELETED, PARENT] = [2, 4, 8];

it('reads names of 8 and of 16 bits as they are stored, and passes over parents and what was deleted', () => {
  const content = Buffer.concat([
    fileIdentifier('', 1, IS_FOLDER | PARENT),
    fileIdentifier('Sources', 2, IS_FOLDER),
    fileIdentifier('gone', 3, DELETED),
    fileIdentifier('Größe', 4),
    fileIdentifier('Ελληνικά 😀', 5),
    fileIdentifier('x'.repeat(254), 6),
  ]);
  expect([...parseFolder(content)]).toEqual([
    ['Sources', { block: 2, isFolder: true }],
    ['Größe', { block: 4, isFolder: false }],
    ['Ελληνικά 😀', { block: 5, isFolder: false }],
    ['x'.repeat(254), { block: 6, isFolder: false }],
  ]);
  expect(parseFolder(Buffer.alloc(0)).size).toBe(0);
});

it('reads a name behind what an implementation keeps for itself', () => {
  const plain = fileIdentifier('name', 9);
  const identifier = Buffer.concat([plain.subarray(0, 38), Buffer.alloc(8), plain.subarray(38)]);
  identifier.writeUInt16LE(8, 36);
  seal(identifier, { crcBytes: identifier.length - 16 });
  expect([...parseFolder(identifier).keys()]).toEqual(['name']);
});

const changed = (change: (identifier: Buffer) => void, name = 'name') => {
  const identifier = fileIdentifier(name, 9);
  change(identifier);
  return seal(identifier, { crcBytes: identifier.length - 16 });
};

it.each<[string, Buffer]>([
  ['a name that is there twice', Buffer.concat([fileIdentifier('a', 1), fileIdentifier('a', 2)])],
  ['something behind its last item', Buffer.concat([fileIdentifier('a', 1), Buffer.alloc(8)])],
  ['an item that is cut', fileIdentifier('name', 1).subarray(0, 40)],
  ['an item with a wrong checksum', fileIdentifier('name', 1).fill(1, 39, 40)],
  ['a name longer than the folder', changed((identifier) => identifier.writeUInt8(255, 19))],
  ['a use longer than the folder', changed((identifier) => identifier.writeUInt16LE(65535, 36))],
  ['a name in another form', changed((identifier) => identifier.writeUInt8(254, 38))],
  ['half a character', changed((identifier) => identifier.set([16], 38), 'odd')],
  ['another descriptor', changed((identifier) => identifier.writeUInt16LE(261, 0))],
])('does not know a folder with %s', (_, content) => {
  expect(() => parseFolder(content)).toThrow(UnknownUdf);
});

it('refuses a checksum that covers more than its item: many of those would take hours', () => {
  const content = Buffer.concat([fileIdentifier('a', 1), fileIdentifier('b', 2)]);
  seal(content, { crcBytes: content.length - 16 });
  expect(() => parseFolder(content)).toThrow(UnknownUdf);
});
