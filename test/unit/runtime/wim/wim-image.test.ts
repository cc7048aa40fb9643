import { describe, expect, it } from 'vitest';
import { describeImage } from '../../../../runtime/wim/wim-image.ts';

const WINDOWS: Record<string, string> = {
  NAME: 'Windows 11 Pro',
  DESCRIPTION: 'Windows 11 Pro',
  DISPLAYNAME: 'Windows 11 Pro (display)',
  TOTALBYTES: '15879614821',
  FILECOUNT: '104311',
  DIRCOUNT: '24512',
  'WINDOWS/ARCH': '9',
  'WINDOWS/EDITIONID': 'Professional',
  'WINDOWS/INSTALLATIONTYPE': 'Client',
  'WINDOWS/PRODUCTNAME': 'Microsoft® Windows® Operating System',
  'WINDOWS/VERSION/MAJOR': '10',
  'WINDOWS/VERSION/MINOR': '0',
  'WINDOWS/VERSION/BUILD': '26100',
  'WINDOWS/VERSION/SPBUILD': '1742',
  'WINDOWS/LANGUAGES/LANGUAGE[1]': 'en-US',
  'WINDOWS/LANGUAGES/LANGUAGE[2]': 'de-DE',
  'WINDOWS/LANGUAGES/DEFAULT': 'de-DE',
};

function describeWith(properties: Record<string, string>) {
  return describeImage(6, (name) => properties[name] ?? null);
}

describe('describeImage', () => {
  it('counts a file with several names once', () => {
    expect(describeWith({ ...WINDOWS, HARDLINKBYTES: '879614821' }).bytes).toBe(15_000_000_000);
  });

  it('describes a Windows image', () => {
    expect(describeWith(WINDOWS)).toEqual({
      index: 6,
      name: 'Windows 11 Pro',
      description: 'Windows 11 Pro',
      displayName: 'Windows 11 Pro (display)',
      bytes: 15_879_614_821,
      files: 104_311,
      directories: 24_512,
      windows: {
        architecture: 'x64',
        edition: 'Professional',
        installationType: 'Client',
        productName: 'Microsoft® Windows® Operating System',
        version: '10.0.26100.1742',
        languages: ['en-US', 'de-DE'],
        defaultLanguage: 'de-DE',
      },
    });
  });

  it('says nothing of Windows where the image has none', () => {
    expect(describeWith({ NAME: 'drivers' })).toEqual({
      index: 6,
      name: 'drivers',
      description: '',
      bytes: 0,
      files: 0,
      directories: 0,
    });
  });

  it('keeps what there is of a sparse description', () => {
    const { windows } = describeWith({
      'WINDOWS/ARCH': '77',
      'WINDOWS/VERSION/MAJOR': '6',
      'WINDOWS/VERSION/MINOR': '1',
    });
    expect(windows).toEqual({
      architecture: 'unknown',
      edition: '',
      installationType: '',
      productName: '',
      version: '6.1',
      languages: [],
      defaultLanguage: '',
    });
  });

  it.each([
    ['0', 'x86'],
    ['5', 'arm'],
    ['6', 'ia64'],
    ['9', 'x64'],
    ['12', 'arm64'],
  ])('knows processor architecture %s as %s', (number, architecture) => {
    expect(describeWith({ 'WINDOWS/ARCH': number }).windows?.architecture).toBe(architecture);
  });
});
