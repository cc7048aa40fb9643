import { describe, expect, it } from 'vitest';
import { outputKind, outputPath, volumesOf } from '../../../../builder/config/schema.ts';
import { goesOntoFat32 } from '../../../../builder/fat32.ts';
import { outputFile } from '../../../../builder/output-files.ts';
import { HEAD, loadText } from '../../../helpers/project.ts';

async function errors(outputs: string, rest = ''): Promise<string[]> {
  const { problems } = await loadText(`${HEAD}sequences: [a.yaml]\n${rest}outputs:\n  - ${outputs}\n`);
  return problems
    .filter(({ severity }) => severity === 'error')
    .map(({ line, column, message }) => `${line}:${column} ${message}`);
}

describe('a prestaged output', () => {
  it.each([
    'prestaged: factory.img',
    'prestaged: factory.wim',
    '{ prestaged: factory.IMG, size: 32 GB }',
    '{ prestaged: factory.img, layout: fat32, partitionTable: mbr }',
    '{ prestaged: factory.img, layout: fat32 }',
    '{ prestaged: factory.wim, layout: fat32 }',
  ])('may be %s', async (output) => {
    expect(await errors(output)).toEqual([]);
  });

  it.each([
    ['prestaged: factory.iso', /ends in \.img or \.wim/],
    ['{ prestaged: a.img, iso: a.iso }', /one of iso, usb, prestaged and pxe/],
    ['{ prestaged: a.img, partitionTable: mbr }', /^5:25 .*room for four partitions.*layout: fat32/],
    ['{ prestaged: a.img, mediaSize: 4.7 GB }', /mediaSize/],
    ['{ prestaged: a.img, url: "http://s/" }', /^5:25 .*url has no meaning/],
    ['{ prestaged: a.wim, size: 8 GB }', /^5:25 .*size belongs to a prestaged \.img/],
    ['{ prestaged: a.wim, partitionTable: gpt }', /^5:25 .*whoever applies a WIM/],
  ])('is not %s', async (output, message) => {
    expect(await errors(output)).toEqual([expect.stringMatching(message)]);
  });

  it('contradicts copyFirst', async () => {
    expect(await errors('prestaged: a.img', 'copyFirst: true\n')).toEqual([
      expect.stringMatching(/^6:.*copyFirst and prestaged contradict/),
    ]);
  });

  it('has content, which a bootable medium has not', async () => {
    const text = `${HEAD}contentFrom: { url: http://server/ }\noutputs: [{ prestaged: a.wim }]\n`;
    const { problems } = await loadText(text);
    expect(problems.map(({ message }) => message)).toEqual([expect.stringMatching(/prestage the medium/)]);
  });

  it('of WinPE does not lie in an EFI system partition alone', async () => {
    const winpe = 'bootEnvironment: winpe\nwinpe: { source: boot.wim }\n';
    const alone = '{ prestaged: a.img, layout: fat32 }';
    expect(await errors(alone, winpe)).toEqual([expect.stringMatching(/^7:25 .*no drive letter/)]);
    expect(await errors('{ prestaged: a.img, layout: fat32, partitionTable: mbr }', winpe)).toEqual([]);
  });
});

it('has a kind, a path, standard volumes and, with two sets of boot files, two names', () => {
  const output = { prestaged: '/out/factory.wim' };
  expect([outputKind(output), outputPath(output)]).toEqual(['prestaged', '/out/factory.wim']);
  expect(volumesOf(output)).toEqual({ layout: 'fat32+exfat', partitionTable: 'gpt' });
  expect(volumesOf({ usb: 'a.img' })).toEqual({ layout: 'fat32', partitionTable: 'mbr' });
  const winpe = { secureBoot: 'both' } as Parameters<typeof outputFile>[2]['winpe'];
  expect(outputFile(output, { signing: '2023' }, { winpe })).toBe('/out/factory-2023.wim');
});

it('has its images split only where one FAT32 volume must hold them', () => {
  const split = (output: Parameters<typeof volumesOf>[0]) => goesOntoFat32({ fat32: false, outputs: [output] });
  expect(split({ prestaged: 'a.img' })).toBe(false);
  expect(split({ prestaged: 'a.wim', layout: 'fat32' })).toBe(true);
  expect(split({ iso: 'a.iso' })).toBe(false);
  expect(split({ usb: 'a.img' })).toBe(true);
});
