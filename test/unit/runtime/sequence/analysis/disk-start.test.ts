import { describe, expect, it } from 'vitest';
import type { KnownContent } from '../../../../../runtime/sequence/analysis/analyse.ts';
import { disksThatCannotStart } from '../../../../../runtime/sequence/analysis/disk-start.ts';
import { loadSequence } from '../../../../../runtime/sequence/load.ts';
import { growth, LINEAR } from '../../../../helpers/growth.ts';

const HEAD = 'formatVersion: 2\nid: x\nname: n\nsteps:\n';
const APPLY = '  - { step: apply-operating-system, image: windows }\n';
const BIOS = 'condition: { variable: _SMSTSBootUEFI, value: "false" }';
const IN_WINPE = 'condition: { variable: _SMSTSInWinPE, value: "true" }';
const DATA = '[{ type: primary, name: Windows, size: rest }]';
const GOOD_GPT = '[{ type: efi, size: 260 MB }, { type: primary, name: Windows, size: rest }]';
const GOOD_MBR = '[{ type: primary, name: Windows, size: rest, bootable: true }]';

const KNOWN: KnownContent = {
  ...{ platform: 'linux', images: ['windows'], packages: [], applications: [], upgradePackages: [] },
  ...{ variables: [], sequences: undefined },
};

function format(style: string, volumes: string, more = ''): string {
  return `  - { step: format-and-partition-disk, style: ${style}, volumes: ${volumes}${more === '' ? '' : `, ${more}`} }\n`;
}

function findings(steps: string, known?: KnownContent): string[] {
  const { problems } = loadSequence(HEAD + steps, 'f.yaml', known);
  return problems.map(({ line, column, severity, message }) => `${line}:${column} ${severity} ${message}`);
}

const at = (line: number) => ({ file: 'f.yaml', line, column: 1 });

const NEVER = '"Format and Partition Disk" lays out a disk that Windows could never start from:';

describe('a layout for Windows', () => {
  it.each([
    ['gpt', DATA, 'a GPT disk without an EFI system partition'],
    ['gpt', GOOD_GPT.replace('260 MB', '260 MB, fileSystem: ntfs'), 'a GPT disk without an EFI system partition'],
    ['mbr', DATA, 'an MBR disk without an active partition'],
    ['mbr', GOOD_MBR.replace('rest,', 'rest, fileSystem: none,'), 'an MBR disk without an active partition'],
    ['firmware', DATA, 'it has neither an EFI system partition nor an active one'],
  ])('that could never start is refused: %s %s', (style, volumes, reason) => {
    const column = `  - { step: format-and-partition-disk, style: ${style}, `.length + 1;
    expect(findings(format(style, volumes) + APPLY)).toEqual([`5:${column} error ${NEVER} ${reason}`]);
  });

  it.each([
    ['gpt', GOOD_GPT],
    ['mbr', GOOD_MBR],
    ['firmware', GOOD_GPT],
    ['firmware', GOOD_MBR],
  ])('that one firmware starts is in order: %s %s', (style, volumes) => {
    expect(findings(format(style, volumes) + APPLY)).toEqual([]);
  });

  it('counts only where Windows is applied onto it, as the last one', () => {
    expect(findings(format('gpt', DATA))).toEqual([]);
    expect(findings(APPLY + format('gpt', DATA))).toEqual([]);
    expect(findings(format('gpt', DATA) + format('gpt', GOOD_GPT) + APPLY)).toEqual([]);
    expect(findings(format('gpt', GOOD_GPT) + format('gpt', DATA) + APPLY)).toHaveLength(1);
    expect(findings(format('gpt', DATA, 'enabled: false') + APPLY)).toEqual([]);
  });

  it('counts for each firmware where conditions tell them apart', () => {
    expect(findings(format('gpt', GOOD_GPT) + format('mbr', DATA, BIOS) + APPLY)).toEqual([
      expect.stringContaining('6:'),
    ]);
    expect(findings(format('gpt', DATA) + format('mbr', GOOD_MBR, BIOS) + APPLY)).toEqual([
      expect.stringContaining('5:'),
    ]);
  });

  it('counts for no disk of data before those that firmware tells apart', () => {
    const uefi = BIOS.replace('false', 'true');
    const data = format('mbr', '[{ type: primary, name: Data, size: rest }]');
    expect(findings(data + format('mbr', GOOD_MBR, BIOS) + format('gpt', GOOD_GPT, uefi) + APPLY)).toEqual([]);
    expect(findings(format('mbr', DATA) + format('gpt', GOOD_GPT, uefi) + APPLY)).toEqual([
      expect.stringContaining('5:52 warning'),
    ]);
    expect(findings(format('mbr', DATA, BIOS) + format('gpt', GOOD_GPT, uefi) + APPLY)).toEqual([
      expect.stringContaining('5:52 error'),
    ]);
  });

  it('is a warning where a condition may keep Windows from it', () => {
    const apply = (condition: string) => APPLY.replace(' }', `, ${condition} }`);
    expect(findings(format('gpt', DATA) + apply(BIOS))).toEqual([expect.stringContaining(' warning ')]);
    expect(findings(format('gpt', DATA) + apply(IN_WINPE))).toEqual([expect.stringContaining(' error ')]);
    expect(findings(format('gpt', DATA) + apply(BIOS) + APPLY)).toEqual([expect.stringContaining(' error ')]);
  });

  it('is looked at in time that grows with the sequence', () => {
    const condition = 'condition: { variable: A, value: "1" }';
    const of = (count: number) => {
      const many =
        format('gpt', DATA, condition).repeat(count) +
        APPLY.replace(' }', `, ${condition.replace('1', '2')} }`).repeat(count);
      const { sequence } = loadSequence(HEAD + many, 'f.yaml');
      if (sequence === undefined) throw new Error('no sequence');
      return sequence;
    };
    const sequences = new Map([500, 2000].map((count) => [count, of(count)]));
    const look = (count: number) => {
      const sequence = sequences.get(count);
      let problems = 0;
      if (sequence === undefined) throw new Error('of another size');
      disksThatCannotStart(sequence, (_, problem) => ({ severity: 'error', ...problem, ...at(++problems) }), undefined);
      if (problems === 0) throw new Error('nothing was found');
    };
    expect(growth(look, 500)).toBeLessThan(LINEAR);
  });

  it('may be overridden by variables, of which nothing is known', () => {
    const set = '  - { step: set-variable, name: S, variable: OSDPartitionStyle, value: mbr }\n';
    expect(findings(set + format('gpt', DATA) + APPLY)).toEqual([]);
    expect(findings(format('gpt', DATA) + APPLY, { ...KNOWN, variables: ['osdpartitions0type'] })).toEqual([]);
  });

  it('is followed through child sequences', () => {
    const child = loadSequence(
      `formatVersion: 2\nid: disk\nname: n\nsteps:\n${format('gpt', DATA)}`,
      'c.yaml',
    ).sequence;
    if (child === undefined) throw new Error('no child');
    const steps = `  - { step: run-sequence, sequence: disk }\n${APPLY}`;
    const known = { ...KNOWN, sequences: new Map([['disk', child]]) };
    const { problems } = loadSequence(HEAD + steps, 'f.yaml', known);
    expect(problems).toMatchObject([{ line: 5, message: expect.stringContaining('of sequence "disk" lays out') }]);
    expect(findings(steps, { ...KNOWN })).toEqual([]);
  });
});

describe('a volume without a drive letter', () => {
  const volumes = (more: string, type = 'primary') =>
    `[{ type: efi, size: 260 MB }, { type: ${type}, name: Windows, size: 60 GB, variable: OSDisk${more} }, { type: primary, name: Data, size: rest }]`;
  const NONE = volumes(', assignVolumeLetter: false');
  const data = (volume: string) => `  - { step: apply-data-image, image: windows, volume: "${volume}" }\n`;

  it.each([
    [APPLY, 'Windows'],
    ['  - { step: apply-operating-system, image: windows, volume: "%osdisk%" }\n', '%osdisk%'],
    [data('windows'), 'windows'],
  ])('takes no image: %s', (apply, volume) => {
    const [finding, ...others] = findings(format('gpt', NONE) + apply);
    expect(finding).toMatch(
      `error "Format and Partition Disk" gives volume "${volume}" no drive letter, and an image is applied to it`,
    );
    expect(others).toEqual([]);
  });

  it('which a hidden one is too', () => {
    const hidden = '[{ type: primary, size: 1 GB, bootable: true }, { type: hidden, name: Windows, size: rest }]';
    expect(findings(format('mbr', hidden) + APPLY)).toEqual([expect.stringMatching(/no drive letter/)]);
  });

  it('is in order where no image is applied to it, or another layout comes behind', () => {
    expect(findings(format('gpt', NONE) + data('Data'))).toEqual([]);
    expect(findings(format('gpt', volumes(', assignVolumeLetter: true')) + APPLY)).toEqual([]);
    expect(findings(format('gpt', NONE) + format('gpt', GOOD_GPT) + APPLY)).toEqual([]);
  });

  it('is warned of where a condition may keep the two apart', () => {
    const applied = APPLY.replace(' }', `, ${BIOS} }`);
    expect(findings(format('gpt', NONE, IN_WINPE.replace('true', 'false')) + applied)).toEqual([
      expect.stringMatching(/warning .* no drive letter/),
    ]);
  });
});
