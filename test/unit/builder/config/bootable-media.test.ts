import { describe, expect, it } from 'vitest';
import { HEAD, loadText, SEQUENCE } from '../../../helpers/project.ts';

const FROM = 'contentFrom: { url: http://server/ }\n';
const ISO = 'outputs: [{ iso: out.iso }]\n';

async function errors(text: string): Promise<string[]> {
  const { problems } = await loadText(HEAD + text, { 'a.yaml': SEQUENCE, 'pw.txt': 'x' });
  return problems.filter(({ severity }) => severity === 'error').map(({ line, message }) => `${line} ${message}`);
}

describe('contentFrom', () => {
  it('is all that bootable media need', async () => {
    expect(await errors(`${FROM}outputs: [{ iso: out.iso }, { usb: out.img }]\n`)).toEqual([]);
    expect(await errors(`contentFrom: { folder: "DATA:/x" }\nunattended: true\n${ISO}`)).toEqual([]);
  });

  it.each([
    ['sequences', 'sequences: [a.yaml]'],
    ['images', 'images: [{ name: w, source: w.wim, image: 1 }]'],
    ['packages', 'packages: [{ name: p, source: p }]'],
    ['variables', 'variables: [{ name: A, value: b }]'],
    ['machines', 'machines: m.yaml'],
    ['password', 'password: { file: pw.txt }'],
    ['prestart', 'prestart: { command: hello }'],
  ])('stands alone: %s belong to the content', async (_, field) => {
    expect(await errors(`${FROM}${field}\n${ISO}`)).toEqual([
      expect.stringMatching(/^4 .*belongs to the medium that contentFrom names/),
    ]);
  });

  it('copies nothing first', async () => {
    expect(await errors(`${FROM}copyFirst: true\n${ISO}`)).toEqual([
      expect.stringMatching(/^4 .*copyFirst has no effect on content that lies elsewhere/),
    ]);
  });

  it('is not for PXE, sets of discs, and questions that nobody answers', async () => {
    expect(await errors(`${FROM}outputs: [{ pxe: tree }]\n`)).toEqual([
      expect.stringMatching(/^4 .*an ISO or a stick/),
    ]);
    expect(await errors(`${FROM}outputs: [{ iso: a.iso, mediaSize: 4.7 GB }]\n`)).toEqual([
      expect.stringMatching(/^4 .*one disc/),
    ]);
    const share = "contentFrom: { share: '\\\\s\\x', user: ann }\nunattended: true\n";
    expect(await errors(share + ISO)).toEqual([expect.stringMatching(/^3 .*nobody is asked/)]);
  });

  it('lets WinPE have its drivers', async () => {
    const winpe = 'bootEnvironment: winpe\nwinpe: { source: boot.wim, drivers: [net] }\n';
    const packages = 'packages: [{ name: net, source: net }, { name: other, source: other }]\n';
    expect(await errors(`${FROM}${winpe}${packages}${ISO}`)).toEqual([
      expect.stringMatching(/^6 packages.1: the package "other" belongs/),
    ]);
  });
});

it('without it a project names a sequence', async () => {
  expect(await errors(ISO)).toEqual([expect.stringMatching(/name at least one task sequence/)]);
  expect(await errors(`sequences: []\n${ISO}`)).toEqual(['3 sequences: name at least one task sequence']);
});
