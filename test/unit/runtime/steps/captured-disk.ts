import type { TargetDisk, TargetVolume } from '../../../../runtime/platform/platform.ts';

export function volume(number: number, wish: Partial<TargetVolume> = {}): TargetVolume {
  const device = `${'?SWDR'[number] ?? 'Z'}:\\`;
  return {
    name: `V${number}`,
    role: 'primary',
    device,
    number,
    startBytes: number,
    bytes: 1000,
    fileSystem: 'ntfs',
    ...wish,
  };
}

export const DISK: TargetDisk = {
  device: '\\\\.\\PhysicalDrive0',
  style: 'gpt',
  identity: 'X',
  volumes: [
    volume(1, { role: 'system', fileSystem: 'fat32' }),
    volume(2, { name: 'Windows' }),
    volume(3, { name: 'Data' }),
    volume(4, { role: 'recovery' }),
  ],
  windows: volume(2, { name: 'Windows' }),
};
