import { describe, expect, it } from 'vitest';
import { parseBootOptions } from '../../../../../runtime/platform/linux/boot-options.ts';
import { mountArgv } from '../../../../../runtime/platform/linux/mount.ts';
import { formatArgv, sfdiskScript } from '../../../../../runtime/platform/linux/partition.ts';
import type { TargetVolume } from '../../../../../runtime/platform/platform.ts';
import { layoutDisk } from '../../../../../runtime/steps/format-and-partition-disk/layout.ts';

const GIB = 1024 ** 3;

function windowsLayout(style: 'gpt' | 'mbr') {
  let count = 0;
  const newGuid = () => `0000000${count++}-0000-4000-8000-000000000000`;
  return layoutDisk({ style, volumes: undefined }, 8 * GIB, newGuid);
}

function volume(wish: Partial<TargetVolume>): TargetVolume {
  return {
    name: 'Windows',
    role: 'primary',
    device: '/dev/sda3',
    number: 3,
    startBytes: GIB,
    bytes: GIB,
    fileSystem: 'ntfs',
    ...wish,
  };
}

describe('sfdiskScript', () => {
  it('lays out a GPT disk', () => {
    expect(sfdiskScript(windowsLayout('gpt'), 512)).toMatchInlineSnapshot();
  });

  it('counts in the sectors of the disk', () => {
    expect(sfdiskScript(windowsLayout('gpt'), 4096)).toMatchInlineSnapshot();
  });

  it('lays out an MBR disk on which nothing is active yet', () => {
    expect(sfdiskScript(windowsLayout('mbr'), 512)).toMatchInlineSnapshot();
  });
});

describe('formatArgv', () => {
  it('makes NTFS that tells boot code where it lies', () => {
    expect(formatArgv(volume({}), 512)).toMatchInlineSnapshot();
    expect(formatArgv(volume({}), 4096)).toContain(String(GIB / 4096));
  });

  it('makes FAT32 with a label FAT can hold', () => {
    expect(formatArgv(volume({ fileSystem: 'fat32', name: 'System Größe 1' }), 512)).toMatchInlineSnapshot();
  });

  it('makes nothing where nothing is wanted', () => {
    expect(formatArgv(volume({ fileSystem: 'none' }), 512)).toBeUndefined();
  });
});

it.each(['ntfs', 'fat32', 'iso9660'] as const)('mountArgv for %s reads only unless told to write', (fileSystem) => {
  expect(mountArgv(fileSystem, '/dev/sda1', '/mnt', 'read').join(' ')).toMatch(/-o ro,/);
  expect(mountArgv(fileSystem, '/dev/sda1', '/mnt', 'read').slice(-2)).toEqual(['/dev/sda1', '/mnt']);
});

it('mountArgv', () => {
  expect(
    (['ntfs', 'fat32', 'iso9660'] as const).map((kind) => mountArgv(kind, '/dev/sda1', '/mnt', 'write').join(' ')),
  ).toMatchInlineSnapshot();
});

describe('parseBootOptions', () => {
  it.each([
    ['quiet mediasmith.medium=abc mediasmith.sequence=install\n', { mediumId: 'abc', sequenceId: 'install' }],
    ['BOOT_IMAGE=/vmlinuz  mediasmith.medium=abc', { mediumId: 'abc', sequenceId: undefined }],
    ['mediasmith.medium=a=b mediasmith.sequence=', { mediumId: 'a=b', sequenceId: undefined }],
    ['mediasmith.medium=first mediasmith.medium=last', { mediumId: 'last', sequenceId: undefined }],
  ])('%j', (commandLine, options) => {
    expect(parseBootOptions(commandLine)).toEqual(options);
  });

  it.each(['', 'quiet', 'mediasmith.medium=', 'mediasmith.medium', 'xmediasmith.medium=abc'])(
    '%j names no medium',
    (commandLine) => {
      expect(() => parseBootOptions(commandLine)).toThrow('the boot menu does not name a medium');
    },
  );
});
