import { expect, test } from 'vitest';
import type { ImageEntry } from '../../../../builder/demo/image-entry.ts';
import { attributeTable } from '../../../../builder/demo/ntfs-attributes.ts';
import { reparseData } from '../../../../builder/demo/reparse-data.ts';

const file = (path: string, marks: Partial<ImageEntry> = {}): ImageEntry =>
  ({
    kind: 'file',
    path,
    content: { from: 'bytes', bytes: new Uint8Array() },
    security: 'system',
    ...marks,
  }) as ImageEntry;
const value = (table: string, name: string) =>
  Buffer.from(new RegExp(`^${name}=0s(.*)$`, 'm').exec(table)?.[1] ?? '', 'base64').toString('hex');

test('what a folder holds comes before it, since a short name given inside changes its time', () => {
  const table = attributeTable([
    { kind: 'folder', path: '.', security: 'system' },
    { kind: 'folder', path: 'a', security: 'system' },
    file('a/b'),
  ]);
  expect(table.match(/^# file: .*$/gm)).toEqual(['# file: a/b', '# file: a', '# file: .']);
});

test('attributes, a short name and streams of a file', () => {
  const table = attributeTable([
    file('x', { hidden: true, readOnly: true, shortName: 'X~1', streams: { note: 'hello' } } as Partial<ImageEntry>),
  ]);
  expect(value(table, 'system.ntfs_attrib_be')).toBe('00000023');
  expect(value(table, 'system.ntfs_dos_name')).toBe(Buffer.from('X~1').toString('hex'));
  expect(value(table, 'user.note')).toBe(Buffer.from('hello').toString('hex'));
  expect(value(table, 'system.ntfs_times_be')).toHaveLength(48);
});

test('a hard link has nothing of its own', () => {
  expect(attributeTable([{ kind: 'hard-link', path: 'b', target: 'a', security: 'system' }])).toBe('');
});

test('a path with a backslash or a line break does not break out of its line', () => {
  expect(attributeTable([file('a\\b\nc')])).toContain('# file: a\\134b\\012c\n');
});

test('a junction, byte for byte', () => {
  expect(Buffer.from(reparseData('junction', 'C:\\U')).toString('hex')).toBe(
    [
      '030000a0', // the tag
      '24000000', // 36 bytes follow
      '00001000', // substitute name: at 0, 16 bytes
      '12000800', // name to show: at 18, 8 bytes
      Buffer.from('\\??\\C:\\U\0C:\\U\0', 'utf16le').toString('hex'),
    ].join(''),
  );
});

test('a symbolic link to a folder, byte for byte', () => {
  expect(Buffer.from(reparseData('directory-symlink', 'C:\\U')).toString('hex')).toBe(
    [
      '0c0000a0',
      '24000000',
      '00001000',
      '10000800',
      '00000000', // absolute
      Buffer.from('\\??\\C:\\UC:\\U', 'utf16le').toString('hex'),
    ].join(''),
  );
});
