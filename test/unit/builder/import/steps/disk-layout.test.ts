import { expect, it } from 'vitest';
import { stepXml } from '../source-xml.ts';
import { one, sms } from './one-step.ts';

it('lays a disk out', () => {
  const variables = {
    OSDDiskIndex: '0',
    OSDPartitionStyle: 'GPT',
    OSDPartitions: '4',
    OSDPartitions0Type: 'EFI',
    OSDPartitions0FileSystem: 'FAT32',
    OSDPartitions0Size: '512',
    OSDPartitions0SizeUnits: 'MB',
    OSDPartitions0Bootable: 'True',
    OSDPartitions0VolumeName: 'EFI',
    OSDPartitions1Type: 'MSR',
    OSDPartitions1FileSystem: 'NTFS',
    OSDPartitions1Size: '128',
    OSDPartitions1SizeUnits: 'MB',
    OSDPartitions2Type: 'Primary',
    OSDPartitions2FileSystem: 'NTFS',
    OSDPartitions2Size: '99',
    OSDPartitions2SizeUnits: '%',
    OSDPartitions2VolumeName: 'Windows',
    OSDPartitions2VolumeLetterVariable: 'OSDisk',
    OSDPartitions3Type: 'Recovery',
    OSDPartitions3FileSystem: 'NTFS',
    OSDPartitions3Size: '100',
    OSDPartitions3SizeUnits: 'PERCENT',
  };
  expect(one(sms('PartitionDiskAction', variables)).step).toMatchObject({
    step: 'format-and-partition-disk',
    style: 'gpt',
    volumes: [
      { type: 'efi', size: '512 MB', name: 'EFI' },
      { type: 'msr', size: '128 MB' },
      { type: 'primary', size: '99%', name: 'Windows', fileSystem: 'ntfs', variable: 'OSDisk' },
      { type: 'recovery', size: 'rest', fileSystem: 'ntfs' },
    ],
  });
});

it('applies an image to the volume that the layout gave a number', () => {
  const layout = stepXml(
    sms('PartitionDiskAction', {
      OSDPartitionStyle: 'MBR',
      OSDPartitions: '2',
      OSDPartitions0Type: 'Primary',
      OSDPartitions0Size: '100',
      OSDPartitions0VolumeName: 'System',
      OSDPartitions1Type: 'Primary',
      OSDPartitions1VolumeName: 'Data',
    }),
  );
  const image = sms('ApplyOperatingSystemAction', {
    ImagePackageID: 'ABC00007',
    DestinationDisk: '0',
    DestinationPartition: '2',
  });
  expect(one(image, layout).step).toMatchObject({ volume: 'Data' });
});

it('adds the system volumes that MDT adds without saying so', () => {
  const variables = {
    OSDPartitionStyle: 'GPT',
    OSDPartitions: '1',
    OSDPartitions0Type: 'Primary',
    OSDPartitions0Size: '100',
    OSDPartitions0SizeUnits: '%',
    OSDPartitions0VolumeName: 'OSDisk',
    DONotCreateExtraPartition: '',
  };
  expect(one(sms('PartitionDiskAction', variables)).step).toMatchObject({
    volumes: [{ type: 'efi' }, { type: 'msr' }, { type: 'primary', size: 'rest' }],
  });
  expect(one(sms('PartitionDiskAction', { ...variables, DONotCreateExtraPartition: 'YES' })).step).toMatchObject({
    volumes: [{ type: 'primary' }],
  });
});

const LOGICAL = {
  OSDPartitions: '4',
  OSDPartitions0Type: 'Primary',
  OSDPartitions0Size: '50',
  OSDPartitions0SizeUnits: 'GB',
  OSDPartitions0Bootable: 'True',
  OSDPartitions0VolumeName: 'Windows',
  OSDPartitions1Type: 'Extended',
  OSDPartitions1Size: '100',
  OSDPartitions1SizeUnits: 'Percent',
  OSDPartitions1FileSystem: 'NTFS',
  OSDPartitions2Type: 'Logical',
  OSDPartitions2Size: '10',
  OSDPartitions2SizeUnits: 'GB',
  OSDPartitions2FileSystem: 'NTFS',
  OSDPartitions2VolumeName: 'Data',
  OSDPartitions2Bootable: 'True',
  OSDPartitions3Type: 'Logical',
  OSDPartitions3Size: '100',
  OSDPartitions3SizeUnits: 'Percent',
  OSDPartitions3VolumeLetterVariable: 'More',
};

it('takes logical volumes over, on a disk that is MBR by them', () => {
  const imported = one(sms('PartitionDiskAction', LOGICAL));
  expect(imported.step).toMatchObject({
    step: 'format-and-partition-disk',
    style: 'mbr',
    volumes: [
      { type: 'primary', size: '50 GB', bootable: true, name: 'Windows' },
      { type: 'extended', size: 'rest' },
      { type: 'logical', size: '10 GB', name: 'Data', fileSystem: 'ntfs' },
      { type: 'logical', size: 'rest', variable: 'More' },
    ],
  });
  expect(imported.left).toEqual([]);
  expect(imported.changed.slice(1)).toEqual([
    'a BIOS does not start a logical volume: it is not bootable',
    'the style is MBR: volumes of its types exist on no other disk',
  ]);
});

it('leaves logical volumes of a GPT disk out, with the reason', () => {
  const { left } = one(sms('PartitionDiskAction', { ...LOGICAL, OSDPartitionStyle: 'GPT' }));
  expect(left).toEqual([
    'it cannot be written here: a volume of type extended exists on MBR disks only, and this disk becomes GPT',
  ]);
});

it.each([
  ['MBR', 'hidden', []],
  ['GPT', 'recovery', ['a hidden partition of a GPT disk is a recovery partition here']],
])('has a hidden volume of a disk that is %s as %s', (style, type, remarks) => {
  const variables = {
    OSDPartitionStyle: style,
    OSDPartitions: '2',
    OSDPartitions0Type: 'Primary',
    OSDPartitions0Size: '50',
    OSDPartitions0SizeUnits: 'GB',
    OSDPartitions1Type: 'Hidden',
    OSDPartitions1FileSystem: 'NTFS',
  };
  const { step, changed } = one(sms('PartitionDiskAction', variables));
  expect(step).toMatchObject({ volumes: [{ type: 'primary' }, { type, size: 'rest', fileSystem: 'ntfs' }] });
  expect(changed.slice(1)).toEqual(remarks);
});

it.each([
  ['1', 'Windows'],
  ['2', 'Data'],
  ['3', '%More%'],
])('applies an image to partition %s as Windows counts them: logical ones last', (partition, volume) => {
  const image = sms('ApplyOperatingSystemAction', {
    ImagePackageID: 'ABC00007',
    DestinationDisk: '0',
    DestinationPartition: partition,
  });
  expect(one(image, stepXml(sms('PartitionDiskAction', LOGICAL))).step).toMatchObject({ volume });
});

it('takes over how a volume is formatted, and that it gets no letter where no image is applied to it', () => {
  const volumes = [
    { Type: 'EFI', AssignVolumeLetter: 'false', QuickFormat: 'true' },
    { Type: 'Primary', AssignVolumeLetter: 'false', QuickFormat: 'false', VolumeName: 'Tools' },
    { Type: 'Primary', AssignVolumeLetter: 'false', VolumeName: 'Data', VolumeLetterVariable: 'DataDisk' },
    { Type: 'Primary', AssignVolumeLetter: 'false', VolumeName: 'Windows' },
  ];
  const fields = volumes.flatMap((volume, index) =>
    Object.entries({ ...volume, Size: '100' }).map(([field, value]) => [`OSDPartitions${index}${field}`, value]),
  );
  const variables = { OSDPartitionStyle: 'GPT', OSDPartitions: '4', ...Object.fromEntries(fields) };
  const { step, changed } = one(sms('PartitionDiskAction', variables));
  expect(step).toHaveProperty('volumes', [
    { type: 'efi', size: '100 MB' },
    { type: 'primary', size: '100 MB', name: 'Tools', quickFormat: false, assignVolumeLetter: false },
    { type: 'primary', size: '100 MB', name: 'Data', variable: 'DataDisk' },
    { type: 'primary', size: '100 MB', name: 'Windows' },
  ]);
  const letters = changed.filter((what) => /letter/.test(what));
  expect(letters).toEqual(
    ['Data', 'Windows'].map((name) => `volume "${name}" has a drive letter: images are applied under one`),
  );
});
