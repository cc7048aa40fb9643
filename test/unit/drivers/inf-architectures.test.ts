import { describe, expect, it } from 'vitest';
import { infArchitectures } from '../../../drivers/inf-architectures.ts';
import { infModels } from '../../../drivers/inf-models.ts';
import { parseTargetOs } from '../../../drivers/inf-target-os.ts';
import { parseInf } from '../../../drivers/inf-text.ts';

const inf = (text: string) => parseInf(Buffer.from(text));

describe('parseTargetOs', () => {
  it.each([
    ['NTamd64', { architecture: 'amd64' }],
    ['ntARM64', { architecture: 'arm64' }],
    ['ntarm', { architecture: 'arm' }],
    ['NT', {}],
    ['NT.5.1', { major: 5, minor: 1 }],
    ['NTx86.10.0...16299', { architecture: 'x86', major: 10, minor: 0, build: 16299 }],
    ['NTamd64.6.1.0x0000001.0x80', { architecture: 'amd64', major: 6, minor: 1, productType: 1, suiteMask: 0x80 }],
  ])('reads %s', (decoration, target) => {
    expect(parseTargetOs(decoration)).toEqual(target);
  });

  it.each(['', 'amd64', 'NT$ARCH$', 'NTmips', 'NTx64', 'NT.x', 'NT.1.2.3.4.5.6'])('refuses %j', (decoration) => {
    expect(parseTargetOs(decoration)).toBeUndefined();
  });
});

describe('infModels', () => {
  it('gives the sections of every manufacturer with their decorations', () => {
    const models = infModels(
      inf(`[Manufacturer]
%A% = Mfg, NTamd64, NTarm64.10.0, NTia64
"B, Inc." = Other
%Mfg2%
[Mfg.NTamd64]
[Mfg.ntARM64.10.0]
d = i, ID
[Other]
[Second]
[Strings]
A = Alpha
Mfg2 = Second`),
    );
    expect(models.map(({ manufacturer, section, target }) => [manufacturer, section.name, target])).toEqual([
      ['Alpha', 'Mfg.NTamd64', { architecture: 'amd64' }],
      ['Alpha', 'Mfg.ntARM64.10.0', { architecture: 'arm64', major: 10, minor: 0 }],
      ['B, Inc.', 'Other', undefined],
      ['Second', 'Second', undefined],
    ]);
  });
});

describe('infArchitectures', () => {
  it.each([
    [
      'decorated sections',
      '[Manufacturer]\nM=S,NTamd64,NTarm64\n[S.NTamd64]\nd=i,x\n[S.NTarm64]\nd=i,x',
      ['amd64', 'arm64'],
    ],
    ['no decoration', '[Manufacturer]\nM=S\n[S]\nd=i,x', ['x86']],
    ['a decoration without an architecture', '[Manufacturer]\nM=S,NT.6.0\n[S.NT.6.0]\nd=i,x', ['x86']],
    ['both', '[Manufacturer]\nM=S,NTamd64\n[S]\nd=i,x\n[S.NTamd64]\nd=i,x', ['x86', 'amd64']],
    ['a section that is not named in [Manufacturer]', '[Manufacturer]\nM=S\n[S]\nd=i,x\n[S.NTamd64]\nd=i,x', ['x86']],
    ['an empty section', '[Manufacturer]\nM=S,NTx86,NTamd64\n[S.NTx86]\nd=i,x\n[S.NTamd64]\n;none', ['x86']],
    ['a section that is not there', '[Manufacturer]\nM=S,NTamd64', []],
    ['a primitive driver', '[DefaultInstall.NTarm64]\nCopyFiles=x', ['arm64']],
    ['what a person installs by hand', '[DefaultInstall]\nCopyFiles=x\n[DefaultInstall.Services]\nx', []],
    ['no INF', 'MZ\x90', []],
  ])('of %s', (_, text, architectures) => {
    expect(infArchitectures(inf(text))).toEqual(architectures);
  });
});
