import { describe, expect, it } from 'vitest';
import { expandStrings } from '../../../drivers/inf-strings.ts';
import { parseInf } from '../../../drivers/inf-text.ts';
import { infVersion } from '../../../drivers/inf-version.ts';

const inf = (text: string) => parseInf(Buffer.from(text));

describe('expandStrings', () => {
  const document = inf('[strings]\nName = "Acme, Inc."\nOther = plain\n[Strings.0407]\nname = Akme');

  it.each([
    ['%NAME% %other%', 'Acme, Inc. plain'],
    ['100%% %Name%', '100% Acme, Inc.'],
    ['%absent% %', '%absent% %'],
  ])('makes of %j', (text, expanded) => {
    expect(expandStrings(document, text)).toBe(expanded);
  });

  it('prefers a language and falls back on all', () => {
    expect(expandStrings(document, '%name% %other%', '0407')).toBe('Akme plain');
    expect(expandStrings(document, '%name%', '0411')).toBe('Acme, Inc.');
  });
});

describe('infVersion', () => {
  it('reads what is there', () => {
    const version = infVersion(
      inf(`[Version]
Signature = "$Windows NT$"
CLASS = %Class%
ClassGuid = {4d36e97d-e325-11ce-bfc1-08002be10318}
Provider = %P%
DriverVer = 01/31/2024, 10.0.1.2
[Strings]
P = Provider
Class = System`),
    );
    expect(version).toEqual({
      signature: '$WINDOWS NT$',
      class: 'System',
      classGuid: '{4D36E97D-E325-11CE-BFC1-08002BE10318}',
      provider: 'Provider',
      driverDate: '2024-01-31',
      driverVersion: '10.0.1.2',
    });
  });

  it.each([
    ['1-2-2003,4.5', { driverDate: '2003-01-02', driverVersion: '4.5' }],
    ['02/30/2003,4.5', { driverVersion: '4.5' }],
    ['$DATE$,$VERSION$', { driverVersion: '$VERSION$' }],
    ['01/02/2003', { driverDate: '2003-01-02' }],
    ['', {}],
  ])('reads DriverVer = %s', (driverVer, found) => {
    expect(infVersion(inf(`[Version]\nDriverVer = ${driverVer}`))).toEqual(found);
  });

  it('of no INF is empty', () => {
    expect(infVersion(inf('[autorun]\nopen=setup.exe'))).toEqual({});
  });
});
