import { describe, expect, it } from 'vitest';
import { parseBootOptions } from '../../../../../runtime/platform/linux/boot-options.ts';
import { attachArgv, detachArgv, makeArgv } from '../../../../../runtime/platform/linux/content-place.ts';
import { growArgv } from '../../../../../runtime/platform/linux/grow-ntfs.ts';
import { mountArgv, remountArgv } from '../../../../../runtime/platform/linux/mount.ts';
import { formatArgv, sfdiskScript } from '../../../../../runtime/platform/linux/partition.ts';
import {
  deleteArgv,
  forgetArgv,
  resizeArgv,
  seeResizedArgv,
} from '../../../../../runtime/platform/linux/remove-medium.ts';
import type { TargetVolume } from '../../../../../runtime/platform/platform.ts';
import { layoutDisk } from '../../../../../runtime/steps/format-and-partition-disk/layout.ts';
import { VolumeWish } from '../../../../../runtime/steps/format-and-partition-disk/schema.ts';

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
    expect(sfdiskScript(windowsLayout('gpt'), 512)).toMatchInlineSnapshot(`
      "label: gpt
      label-id: 00000004-0000-4000-8000-000000000000
      unit: sectors
      sector-size: 512

      start=2048, size=532480, type=C12A7328-F81F-11D2-BA4B-00A0C93EC93B, uuid=00000000-0000-4000-8000-000000000000, name="System"
      start=534528, size=32768, type=E3C9E316-0B5C-4DB8-817D-F92DF00215AE, uuid=00000001-0000-4000-8000-000000000000, name="MSR"
      start=567296, size=14180352, type=EBD0A0A2-B9E5-4433-87C0-68B6B72699C7, uuid=00000002-0000-4000-8000-000000000000, name="Windows"
      start=14747648, size=2027520, type=DE94BBA4-06D1-4D40-A16A-BFD50179D6AC, uuid=00000003-0000-4000-8000-000000000000, name="Recovery", attrs="RequiredPartition GUID:63"
      "
    `);
  });

  it('counts in the sectors of the disk', () => {
    expect(sfdiskScript(windowsLayout('gpt'), 4096)).toMatchInlineSnapshot(`
      "label: gpt
      label-id: 00000004-0000-4000-8000-000000000000
      unit: sectors
      sector-size: 4096

      start=256, size=66560, type=C12A7328-F81F-11D2-BA4B-00A0C93EC93B, uuid=00000000-0000-4000-8000-000000000000, name="System"
      start=66816, size=4096, type=E3C9E316-0B5C-4DB8-817D-F92DF00215AE, uuid=00000001-0000-4000-8000-000000000000, name="MSR"
      start=70912, size=1772544, type=EBD0A0A2-B9E5-4433-87C0-68B6B72699C7, uuid=00000002-0000-4000-8000-000000000000, name="Windows"
      start=1843456, size=253440, type=DE94BBA4-06D1-4D40-A16A-BFD50179D6AC, uuid=00000003-0000-4000-8000-000000000000, name="Recovery", attrs="RequiredPartition GUID:63"
      "
    `);
  });

  it('says of a volume on a GPT disk that it gets no drive letter, and on an MBR disk nowhere', () => {
    const volumes = [VolumeWish.parse({ type: 'primary', name: 'Tools', size: 'rest', assignVolumeLetter: false })];
    const rowOf = (style: 'gpt' | 'mbr') =>
      sfdiskScript(
        layoutDisk({ style, volumes }, GIB, () => '0BADCAFE-0000-4000-8000-000000000000'),
        512,
      )
        .trim()
        .split('\n')
        .at(-1);
    expect(rowOf('gpt')).toMatch(/, name="Tools", attrs="GUID:63"$/);
    expect(rowOf('mbr')).toMatch(/, type=07$/);
  });

  it('lays out an MBR disk on which nothing is active yet', () => {
    expect(sfdiskScript(windowsLayout('mbr'), 512)).toMatchInlineSnapshot(`
      "label: dos
      label-id: 0x00000000
      unit: sectors
      sector-size: 512

      start=2048, size=204800, type=07
      start=206848, size=14540800, type=07
      start=14747648, size=2027520, type=27
      "
    `);
  });
});

describe('sfdiskScript of an extended partition', () => {
  const volumes = [
    { type: 'primary', size: '100 MB', bootable: true },
    { type: 'extended', size: '500 MB' },
    { type: 'logical', name: 'Data', size: '100 MB' },
    { type: 'logical', size: 'rest', fileSystem: 'fat32' },
    { type: 'hidden', size: '20 MB' },
    { type: 'hidden', size: '20 MB', fileSystem: 'fat32' },
  ].map((wish) => VolumeWish.parse(wish));
  const table = layoutDisk({ style: 'mbr', volumes }, GIB, () => '0BADCAFE-0000-4000-8000-000000000000');

  it('has it before what begins within it, and hidden types', () => {
    expect(sfdiskScript(table, 512)).toMatchInlineSnapshot(`
      "label: dos
      label-id: 0x0badcafe
      unit: sectors
      sector-size: 512

      start=2048, size=204800, type=07
      start=206848, size=1024000, type=0f
      start=208896, size=204800, type=07
      start=415744, size=815104, type=0c
      start=1230848, size=40960, type=17
      start=1271808, size=40960, type=1c
      "
    `);
    expect(sfdiskScript(table, 4096)).toContain(
      'start=25856, size=128000, type=0f\nstart=26112, size=25600, type=07\n',
    );
  });

  it('has it also where nothing comes behind', () => {
    const last = layoutDisk({ style: 'mbr', volumes: volumes.slice(0, 2) }, GIB, () => '0BADCAFE-0000');
    expect(sfdiskScript(last, 512).split('\n').slice(5)).toEqual([
      'start=2048, size=204800, type=07',
      'start=206848, size=1024000, type=0f',
      '',
    ]);
  });
});

describe('formatArgv', () => {
  it('has every block gone through in a full format', () => {
    expect(formatArgv(volume({ fullFormat: true }), 512)).not.toContain('--quick');
    const fat = formatArgv(volume({ fullFormat: true, fileSystem: 'fat32' }), 512);
    expect(fat?.slice(0, 2)).toEqual(['mkfs.fat', '-c']);
  });

  it('makes NTFS that tells boot code where it lies', () => {
    expect(formatArgv(volume({}), 512)).toMatchInlineSnapshot(`
      [
        "mkntfs",
        "--quick",
        "--force",
        "--quiet",
        "--label",
        "Windows",
        "--partition-start",
        "2097152",
        "--sectors-per-track",
        "63",
        "--heads",
        "255",
        "/dev/sda3",
      ]
    `);
    expect(formatArgv(volume({}), 4096)).toContain(String(GIB / 4096));
  });

  it('makes FAT32 with a label FAT can hold', () => {
    expect(formatArgv(volume({ fileSystem: 'fat32', name: 'System Größe 1' }), 512)).toMatchInlineSnapshot(`
      [
        "mkfs.fat",
        "-F",
        "32",
        "-n",
        "SYSTEM_GR_S",
        "/dev/sda3",
      ]
    `);
  });

  it('makes nothing where nothing is wanted', () => {
    expect(formatArgv(volume({ fileSystem: 'none' }), 512)).toBeUndefined();
  });
});

it.each(['ntfs', 'fat32', 'exfat', 'iso9660'] as const)(
  'mountArgv for %s reads only unless told to write',
  (fileSystem) => {
    expect(mountArgv(fileSystem, '/dev/sda1', '/mnt', 'read').join(' ')).toMatch(/-o ro,/);
    expect(mountArgv(fileSystem, '/dev/sda1', '/mnt', 'read').slice(-2)).toEqual(['/dev/sda1', '/mnt']);
  },
);

it('mountArgv', () => {
  expect(
    (['ntfs', 'fat32', 'exfat', 'iso9660'] as const).map((kind) =>
      mountArgv(kind, '/dev/sda1', '/mnt', 'write').join(' '),
    ),
  ).toMatchInlineSnapshot(`
    [
      "ntfs-3g -o rw,inherit,noatime,usermapping=/mnt.users /dev/sda1 /mnt",
      "mount -t vfat -o rw,iocharset=utf8,shortname=mixed /dev/sda1 /mnt",
      "mount -t exfat -o rw,iocharset=utf8 /dev/sda1 /mnt",
      "mount -t iso9660 -o ro,iocharset=utf8 /dev/sda1 /mnt",
    ]
  `);
});

it.each([
  [remountArgv('/dev/sda1', '/mnt', 'read'), 'mount -o remount,ro /dev/sda1 /mnt'],
  [remountArgv('/dev/sda1', '/mnt', 'write'), 'mount -o remount,rw /dev/sda1 /mnt'],
  [attachArgv('/dev/loop0', '/dev/sda3', 5 * GIB), 'losetup -o 5368709120 /dev/loop0 /dev/sda3'],
  [detachArgv('/dev/loop0'), 'losetup -d /dev/loop0'],
  [makeArgv('/dev/loop0'), 'mkntfs --quick --force --quiet --label MEDIASMITH /dev/loop0'],
  [growArgv('/dev/sda3'), 'ntfsresize --force --no-progress-bar /dev/sda3'],
  [deleteArgv('/dev/sda', [4, 5]), 'sfdisk --quiet --no-reread --no-tell-kernel --delete /dev/sda 4 5'],
  [
    resizeArgv('/dev/nvme0n1', 3),
    'sfdisk --quiet --no-reread --no-tell-kernel --wipe-partitions never -N 3 /dev/nvme0n1',
  ],
  [forgetArgv('/dev/sda', 4), 'partx --delete --nr 4 /dev/sda'],
  [seeResizedArgv('/dev/sda', 3), 'partx --update --nr 3 /dev/sda'],
])('%s', (argv, line) => {
  expect(argv.join(' ')).toBe(line);
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
