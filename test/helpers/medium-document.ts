import type { MediumDocument } from '../../builder/inspect/medium-document.ts';

/** A medium with something of everything, on a stick with two volumes. */
export function richMedium(wish: Partial<MediumDocument> = {}): MediumDocument {
  return {
    id: '3b241101-e2bb-4255-8caf-4136c566a962',
    label: 'WORKSHOP',
    type: 'stick',
    bootEnvironments: [
      {
        kind: 'winpe',
        architecture: 'x64',
        signing: '2023',
        files: [
          {
            path: 'EFI/BOOT/BOOTX64.EFI',
            machine: 'x64',
            signing: '2023',
            chain: ['Microsoft Windows', 'Windows UEFI CA 2023', 'Microsoft Root Certificate Authority 2010'],
            otherChains: [['Somebody else', 'Their own CA']],
            digestMatches: true,
            bytes: 2_900_000,
          },
          {
            path: 'EFI/tools/cut.efi',
            machine: null,
            signing: 'unsigned',
            chain: [],
            digestMatches: false,
            bytes: 100,
            problem: 'is not a whole Windows or EFI program',
          },
        ],
        drivers: ['winpe-storage'],
      },
    ],
    operatingSystems: [
      {
        name: 'windows-11',
        edition: 'Professional',
        architecture: 'x64',
        version: '10.0.26100.1742',
        language: 'de-DE',
      },
      { name: 'data', edition: null, architecture: null, version: null, language: null },
    ],
    sequences: [
      { id: 'install', name: 'Install Windows 11', steps: 14 },
      { id: 'wipe', name: 'Wipe the disk', steps: 1 },
      { id: 'odd', name: 'Of a later version', steps: null },
    ],
    content: [
      { id: 'windows-11', kind: 'image', bytes: 17_500_000_000 },
      { id: 'data', kind: 'image', bytes: 4096 },
      { id: 'drivers-latitude-7450', kind: 'package', bytes: 812_345_678 },
      { id: 'office', kind: 'package', bytes: 3_900_000_000 },
    ],
    drivers: [
      {
        ...{ name: 'drivers-latitude-7450', in: 'content', infs: 214 },
        ...{ classes: ['Display', 'MEDIA', 'Net', 'System'], architectures: ['amd64'] },
      },
      {
        ...{ name: 'winpe-storage', in: 'boot environment', infs: 2 },
        ...{ classes: ['SCSIAdapter'], architectures: ['amd64', 'arm64'] },
      },
    ],
    name: 'Workshop, Windows 11',
    device: true,
    stick: {
      partitionTable: 'gpt',
      layout: 'fat32+exfat',
      bytes: 31_000_000_000,
      volumes: [
        { fileSystem: 'exfat', label: 'WORKSHOP', bytes: 30_000_000_000, freeBytes: 18_100_000_000 },
        { fileSystem: 'fat32', label: 'WORKSHOP', bytes: 999_000_000, freeBytes: 600_000_000 },
      ],
    },
    builtBy: 'mediasmith 0.5.0',
    record: { by: 'anna@staging', at: '2026-03-01T08:00:30.000Z' },
    sources: [
      { name: 'windows-11', file: 'install.wim', fingerprint: '5f'.repeat(32) },
      { name: 'office', file: 'Office LTSC 2024', fingerprint: 'a0'.repeat(32) },
    ],
    validity: { from: '2026-03-01T00:00:00Z', until: '2026-12-31T23:59:59Z', now: 'valid' },
    signature: { state: 'valid', keyId: 'E7620F1842B4E81F', reason: null },
    sealed: false,
    firmware: ['BIOS', 'UEFI'],
    unattended: false,
    keyboardLayout: 'de-DE',
    prestaged: false,
    contentFrom: null,
    preferredSequence: 'install',
    copyFirst: true,
    prestart: { command: ['ask-for-the-asset-tag.cmd', '/quiet'], package: 'office' },
    discs: null,
    disc: null,
    machines: true,
    applications: [
      { name: 'Fonts', package: 'office', dependsOn: [] },
      { name: 'Office', package: 'office', dependsOn: ['Fonts', 'Runtime'] },
    ],
    upgradePackages: [
      {
        name: 'to-25H2',
        version: '10.0.26200.1',
        architecture: 'x64',
        languages: ['de-DE', 'en-US'],
        editions: ['Professional', 'Enterprise'],
        bytes: 5_600_000_000,
      },
    ],
    variables: [
      { name: 'Site', asked: false, secret: false },
      { name: 'AssetTag', asked: true, secret: false },
      { name: 'JoinPassword', asked: false, secret: true },
      { name: 'Pin', asked: true, secret: true },
    ],
    sizes: {
      files: 1234,
      bytes: 12_345_678_901,
      parts: [
        { part: 'images', files: 2, bytes: 5_100_000_000 },
        { part: 'upgradePackages', files: 980, bytes: 4_900_000_000 },
        { part: 'packages', files: 1, bytes: 1_800_000_000 },
        { part: 'bootEnvironment', files: 30, bytes: 500_000_000 },
        { part: 'rest', files: 21, bytes: 45_678_901 },
      ],
    },
    manifestSha256: '0123456789abcdef'.repeat(4),
    ...wish,
  };
}
