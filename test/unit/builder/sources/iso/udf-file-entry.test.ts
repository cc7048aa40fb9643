import { describe, expect, it } from 'vitest';
import { type Extent, tagOf, UnknownUdf } from '../../../../../builder/sources/iso/udf-descriptor.ts';
import { extentsOf, parseFileEntry } from '../../../../../builder/sources/iso/udf-file-entry.ts';
import type { UdfVolume } from '../../../../../builder/sources/iso/udf-volume.ts';
import {
  type Allocation,
  allocations,
  BLOCK_BYTES,
  type EntryOptions,
  fileEntry,
  seal,
} from '../../../../helpers/udf-blocks.ts';

const parse = (options: EntryOptions) => {
  const bytes = fileEntry(7, options);
  return parseFileEntry({ tag: tagOf(bytes, 7), bytes });
};

/** The extents of an entry; `blocks` are those that lie elsewhere. */
async function extents(
  options: Omit<EntryOptions, 'content' | 'form'> & { list: Allocation[]; form?: 'short' | 'long' },
  blocks: Record<number, Buffer> = {},
): Promise<Extent[]> {
  const { list, form = 'short', ...rest } = options;
  const entry = parse({ ...rest, content: allocations(list, form), form: form === 'short' ? 0 : 1 });
  if (Buffer.isBuffer(entry.content)) throw new Error('within the entry');
  const descriptor = async (block: number) => {
    const bytes = blocks[block];
    if (bytes === undefined) throw new UnknownUdf('no such block');
    return { tag: tagOf(bytes, block), bytes };
  };
  const volume = { imageBytes: 2 ** 40, descriptor } as unknown as UdfVolume;
  return extentsOf({ bytes: entry.bytes, content: entry.content }, volume);
}

function continuation(block: number, list: Allocation[], form: 'short' | 'long' = 'short'): Buffer {
  const bytes = Buffer.alloc(BLOCK_BYTES);
  const descriptors = allocations(list, form);
  bytes.writeUInt32LE(descriptors.length, 20);
  descriptors.copy(bytes, 24);
  return seal(bytes, { id: 258, block });
}

describe('a file entry', () => {
  it.each([false, true])('is read in its older form and as an extended one: %s', async (extended) => {
    const list = [
      { bytes: 4096, block: 10 },
      { bytes: 100, block: 3 },
    ];
    for (const form of ['short', 'long'] as const)
      expect(await extents({ bytes: 4196, list, form, extended })).toEqual([
        { bytes: 4096, block: 10 },
        { bytes: 100, block: 3 },
      ]);
  });

  it('may hold its content', () => {
    expect(parse({ bytes: 3, content: Buffer.from('abc'), form: 3, folder: true })).toEqual({
      ...{ isFolder: true, bytes: 3, content: Buffer.from('abc') },
    });
  });

  it('ends with an empty extent, and goes on where a continuation lies', async () => {
    const more = { bytes: 2048, block: 50, kind: 3 };
    const list = [{ bytes: 2048, block: 1 }, more, { bytes: 2048, block: 99 }];
    const blocks = {
      50: continuation(50, [
        { bytes: 5, block: 2 },
        { bytes: 0, block: 0 },
      ]),
    };
    expect(await extents({ bytes: 2053, list }, blocks)).toEqual([
      { bytes: 2048, block: 1 },
      { bytes: 5, block: 2 },
    ]);
    const long = { 50: continuation(50, [{ bytes: 5, block: 2 }], 'long') };
    expect(await extents({ bytes: 2053, list, form: 'long' }, long)).toHaveLength(2);
  });

  it('may have space behind its end', async () => {
    const list = [
      { bytes: 10, block: 1 },
      { bytes: 0, block: 0 },
      { bytes: 2048, block: 9, kind: 1 },
    ];
    expect(await extents({ bytes: 10, list })).toEqual([{ bytes: 10, block: 1 }]);
  });
});

describe('what is not known', () => {
  it.each<[string, Partial<EntryOptions>]>([
    ['another strategy', { strategy: 4096 }],
    ['extended allocation descriptors', { form: 2 }],
    ['another form', { form: 4 }],
    ['content that is longer than its entry', { form: 3, bytes: 4097 }],
    ['a length that no number holds', { form: 3, bytes: 2n ** 64n - 1n }],
  ])('%s', (_, options) => {
    expect(() => parse({ bytes: 4, content: Buffer.alloc(8), form: 0, ...options })).toThrow(UnknownUdf);
  });

  it.each<[string, (entry: Buffer) => void]>([
    ['a symbolic link', (entry) => entry.writeUInt8(12, 27)],
    ['attributes that lead out of the block', (entry) => entry.writeUInt32LE(0xffffffff, 168)],
    ['descriptors that lead out of the block', (entry) => entry.writeUInt32LE(0xffffffff, 172)],
    ['descriptors that lead just out of it', (entry) => entry.writeUInt32LE(BLOCK_BYTES - 176 + 1, 172)],
  ])('%s', (_, change) => {
    const bytes = fileEntry(7, { bytes: 4, content: Buffer.alloc(8), form: 0 });
    change(bytes);
    expect(() => parseFileEntry({ tag: 261, bytes })).toThrow(UnknownUdf);
  });

  it('another descriptor', () => {
    expect(() => parseFileEntry({ tag: 260, bytes: Buffer.alloc(BLOCK_BYTES) })).toThrow(UnknownUdf);
  });

  it.each<[string, number, Allocation[]]>([
    ['no extents', 1, []],
    ['too few', 4096, [{ bytes: 2048, block: 1 }]],
    ['more bytes than the file has', 100, [{ bytes: 2048, block: 1 }]],
    [
      'a half block in the middle',
      2148,
      [
        { bytes: 100, block: 1 },
        { bytes: 2048, block: 2 },
      ],
    ],
    ['space that was never written', 2048, [{ bytes: 2048, block: 1, kind: 1 }]],
    [
      'a hole',
      4096,
      [
        { bytes: 2048, block: 1 },
        { bytes: 2048, block: 0, kind: 2 },
      ],
    ],
    [
      'a continuation that is not there',
      4096,
      [
        { bytes: 2048, block: 1 },
        { bytes: 2048, block: 60, kind: 3 },
      ],
    ],
    ['a size beyond the image', 2 ** 41, [{ bytes: 2048, block: 1 }]],
  ])('%s', async (_, bytes, list) => {
    await expect(extents({ bytes, list })).rejects.toThrow(UnknownUdf);
    await expect(extents({ bytes, list, form: 'long' })).rejects.toThrow(UnknownUdf);
  });

  it('an extent of a second partition, and half an allocation descriptor', async () => {
    const list = [{ bytes: 2048, block: 1, partition: 1 }];
    await expect(extents({ bytes: 2048, list, form: 'long' })).rejects.toThrow(UnknownUdf);
    const entry = parse({
      bytes: 2048,
      content: Buffer.concat([allocations(list, 'short'), Buffer.alloc(3)]),
      form: 0,
    });
    if (Buffer.isBuffer(entry.content)) throw new Error('within the entry');
    const volume = { imageBytes: 2 ** 40 } as unknown as UdfVolume;
    await expect(extentsOf({ bytes: 2048, content: entry.content }, volume)).rejects.toThrow(UnknownUdf);
  });

  it.each<[string, Allocation[]]>([
    ['nothing', []],
    ['a block', [{ bytes: 2048, block: 1 }]],
  ])('continuations in a circle, each with %s', async (_, list) => {
    const more = { bytes: 2048, block: 50, kind: 3 };
    const blocks = { 50: continuation(50, [...list, more]) };
    await expect(extents({ bytes: 2 ** 39, list: [more] }, blocks)).rejects.toThrow(UnknownUdf);
  });
});
