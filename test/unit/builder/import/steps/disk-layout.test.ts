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
