import { describe, expect, it } from 'vitest';
import {
  addDriversArgv,
  applyImageArgv,
  bcdbootArgv,
  bootsectArgv,
  captureImageArgv,
  diskpartArgv,
  drvloadArgv,
  firmwareOrderArgv,
  powerSchemeArgv,
  setRecoveryImageArgv,
  wpeutilArgv,
} from '../../../../../runtime/platform/winpe/command-lines.ts';

const ROOT = 'X:\\Windows';
const LOG = 'X:\\Windows\\Temp\\SMSTSLog\\dism.log';

describe('DISM', () => {
  it('applies a whole image', () => {
    const argv = applyImageArgv(ROOT, {
      file: 'D:\\mediasmith\\images\\install.wim',
      index: 3,
      parts: undefined,
      folder: 'W:\\',
      scratchFolder: 'W:\\MediasmithScratch',
      logFile: LOG,
    });
    expect(argv.join('\n')).toMatchInlineSnapshot(`
      "X:\\Windows\\System32\\dism.exe
      /English
      /Apply-Image
      /ImageFile:D:\\mediasmith\\images\\install.wim
      /Index:3
      /ApplyDir:W:\\
      /ScratchDir:W:\\MediasmithScratch
      /LogPath:X:\\Windows\\Temp\\SMSTSLog\\dism.log"
    `);
  });

  it('applies a split image', () => {
    const argv = applyImageArgv(ROOT, {
      file: 'D:\\a b\\install.swm',
      index: 1,
      parts: 'D:\\a b\\install*.swm',
      folder: 'W:\\Drivers\\nic',
      scratchFolder: undefined,
      logFile: LOG,
    });
    expect(argv.join('\n')).toMatchInlineSnapshot(`
      "X:\\Windows\\System32\\dism.exe
      /English
      /Apply-Image
      /ImageFile:D:\\a b\\install.swm
      /SWMFile:D:\\a b\\install*.swm
      /Index:1
      /ApplyDir:W:\\Drivers\\nic
      /LogPath:X:\\Windows\\Temp\\SMSTSLog\\dism.log"
    `);
  });

  it('adds drivers to the Windows on a volume', () => {
    const argv = addDriversArgv(ROOT, {
      image: 'W:\\',
      folder: 'W:\\Drivers\\nic',
      scratchFolder: 'W:\\MediasmithScratch',
      logFile: LOG,
    });
    expect(argv.join('\n')).toMatchInlineSnapshot(`
      "X:\\Windows\\System32\\dism.exe
      /English
      /Image:W:\\
      /Add-Driver
      /Driver:W:\\Drivers\\nic
      /Recurse
      /ScratchDir:W:\\MediasmithScratch
      /LogPath:X:\\Windows\\Temp\\SMSTSLog\\dism.log"
    `);
  });

  it('captures a volume, and appends another to the same file', () => {
    const wish = {
      ...{ file: 'D:\\a b.part.wim', folder: 'C:\\', name: 'Windows 11', description: 'a description' },
      ...{ configFile: 'X:\\WimScript.ini', scratchFolder: undefined, logFile: LOG },
    };
    expect(captureImageArgv(ROOT, wish, 'capture').join('\n')).toMatchInlineSnapshot(`
      "X:\\Windows\\System32\\dism.exe
      /English
      /Capture-Image
      /ImageFile:D:\\a b.part.wim
      /CaptureDir:C:\\
      /Name:Windows 11
      /Description:a description
      /ConfigFile:X:\\WimScript.ini
      /Compress:max
      /CheckIntegrity
      /Verify
      /LogPath:X:\\Windows\\Temp\\SMSTSLog\\dism.log"
    `);
    expect(captureImageArgv(ROOT, { ...wish, description: '' }, 'append').join('\n')).toMatchInlineSnapshot(`
      "X:\\Windows\\System32\\dism.exe
      /English
      /Append-Image
      /ImageFile:D:\\a b.part.wim
      /CaptureDir:C:\\
      /Name:Windows 11
      /ConfigFile:X:\\WimScript.ini
      /CheckIntegrity
      /Verify
      /LogPath:X:\\Windows\\Temp\\SMSTSLog\\dism.log"
    `);
  });
});

it.each(['UEFI', 'BIOS'] as const)('bcdboot for %s', (firmware) => {
  const wish = { windows: 'W:\\', systemLetter: 'S', firmware, locale: 'de-DE' } as const;
  expect(bcdbootArgv(ROOT, { ...wish, signedBy2023: false })).toEqual([
    'X:\\Windows\\System32\\bcdboot.exe',
    ...['W:\\Windows', '/s', 'S:', '/f', firmware, '/l', 'de-DE', '/v'],
  ]);
  expect(bcdbootArgv(ROOT, { ...wish, signedBy2023: true }).at(-1)).toBe('/bootex');
});

it.each([
  [firmwareOrderArgv(ROOT), 'X:\\Windows\\System32\\bcdedit.exe /set {fwbootmgr} displayorder {bootmgr} /addfirst'],
  [bootsectArgv(ROOT, 'S'), 'X:\\Windows\\System32\\bootsect.exe /nt60 S: /mbr'],
  [
    setRecoveryImageArgv('W:\\', 'R:\\Recovery\\WindowsRE'),
    'W:\\Windows\\System32\\reagentc.exe /setreimage /path R:\\Recovery\\WindowsRE /target W:\\Windows',
  ],
  [
    wpeutilArgv(ROOT, 'SetKeyboardLayout', '0407:00000407'),
    'X:\\Windows\\System32\\wpeutil.exe SetKeyboardLayout 0407:00000407',
  ],
  [drvloadArgv(ROOT, 'X:\\a\\b.inf'), 'X:\\Windows\\System32\\drvload.exe X:\\a\\b.inf'],
  [powerSchemeArgv(ROOT), 'X:\\Windows\\System32\\powercfg.exe /s 8c5e7fda-e8bf-4a96-9a85-a6e23a8c635c'],
  [diskpartArgv(ROOT, 'X:\\s.txt'), 'X:\\Windows\\System32\\diskpart.exe /s X:\\s.txt'],
])('%s', (argv, line) => {
  expect(argv.join(' ')).toBe(line);
});
