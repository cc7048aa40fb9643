import type { FillerKind, ImageEntry } from './image-entry.ts';

/** Files and folders every Windows has by these names, and the marks that make them awkward to deploy. */
export function fixedFiles(recoveryBytes: number): ImageEntry[] {
  return [
    ...MARKED_FOLDERS,
    ...PROGRAMS.map(([path, filler], index) => fillerFile(path, filler, 90_000, index)),
    textFile('README-STAND-IN.txt', README),
    textFile('Windows/System32/drivers/etc/hosts', '127.0.0.1 localhost\r\n'),
    textFile('Windows/Panther/setupact.log', 'This is a stand-in. Nothing was set up.\r\n'),
    {
      ...fillerFile('Windows/System32/Recovery/Winre.wim', 'noise', recoveryBytes, 99),
      security: 'system',
      hidden: true,
      system: true,
    },
    {
      ...textFile('Users/Public/Documents/A long name that needs a short one.txt', 'This file has streams.\r\n'),
      security: 'users',
      shortName: 'ALONGN~1.TXT',
      streams: { 'Zone.Identifier': '[ZoneTransfer]\r\nZoneId=3\r\n', 'stand-in': 'A named stream of the stand-in.' },
    },
    { ...textFile('Users/Public/Desktop/desktop.ini', '[Stand-in]\r\n'), hidden: true, system: true, readOnly: true },
    { ...textFile('Windows/empty.txt', ''), readOnly: true },
  ];
}

const MARKED_FOLDERS: readonly ImageEntry[] = [
  { kind: 'folder', path: '.', security: 'system' },
  { kind: 'folder', path: 'PerfLogs', security: 'system' },
  { kind: 'folder', path: 'Program Files', security: 'trusted-installer', shortName: 'PROGRA~1', readOnly: true },
  { kind: 'folder', path: 'Program Files (x86)', security: 'trusted-installer', shortName: 'PROGRA~2', readOnly: true },
  { kind: 'folder', path: 'ProgramData', security: 'users', shortName: 'PROGRA~3', hidden: true },
  { kind: 'folder', path: 'Users/Default', security: 'system', hidden: true },
  { kind: 'folder', path: 'Windows/Temp', security: 'users' },
  {
    kind: 'junction',
    path: 'Documents and Settings',
    target: 'C:\\Users',
    security: 'everyone-denied',
    shortName: 'DOCUME~1',
    hidden: true,
    system: true,
  },
  {
    kind: 'junction',
    path: 'Users/Default User',
    target: 'C:\\Users\\Default',
    security: 'everyone-denied',
    hidden: true,
    system: true,
  },
  {
    kind: 'directory-symlink',
    path: 'Users/All Users',
    target: 'C:\\ProgramData',
    security: 'everyone-denied',
    hidden: true,
    system: true,
  },
];

const PROGRAMS: readonly (readonly [path: string, filler: FillerKind])[] = [
  ['Windows/explorer.exe', 'program'],
  ['Windows/System32/ntoskrnl.exe', 'program'],
  ['Windows/System32/hal.dll', 'library'],
  ['Windows/System32/ntdll.dll', 'library'],
  ['Windows/System32/kernel32.dll', 'library'],
  ['Windows/System32/smss.exe', 'program'],
  ['Windows/System32/cmd.exe', 'program'],
  ['Windows/System32/Sysprep/sysprep.exe', 'program'],
  ['Windows/System32/oobe/Setup.exe', 'program'],
  ['Windows/SysWOW64/kernel32.dll', 'library'],
];

const README = [
  'This is not Windows.',
  '',
  'It is a stand-in made by Mediasmith, so that building and deploying can be tried without an image of Windows.',
  'Names and places are like those of Windows; every content is made up: random text, random numbers, and programs',
  'that do nothing or say that they are stand-ins. Nothing here comes from Microsoft.',
  '',
].join('\r\n');

function fillerFile(path: string, filler: FillerKind, size: number, seed: number): ImageEntry & { kind: 'file' } {
  return { kind: 'file', path, content: { from: 'filler', filler, size, seed }, security: 'trusted-installer' };
}

function textFile(path: string, text: string): ImageEntry & { kind: 'file' } {
  return { kind: 'file', path, content: { from: 'bytes', bytes: Buffer.from(text) }, security: 'trusted-installer' };
}
