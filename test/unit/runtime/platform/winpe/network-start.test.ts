import { expect, it } from 'vitest';
import { addressBeside, readNetwork, startNetwork } from '../../../../../runtime/platform/winpe/network-start.ts';
import { temporaryFolder, writeFiles } from '../../../../helpers/temporary-folder.ts';
import { winpeHost } from '../../../../helpers/winpe-host.ts';

const WPEUTIL = 'X:\\Windows\\System32\\wpeutil.exe';

it.each([
  ['http://10.0.0.1/medium', 'http://10.0.0.1/medium/'],
  ['https://server:8443/', 'https://server:8443/'],
])('reads the address %s', async (url, address) => {
  const folder = await temporaryFolder();
  await writeFiles(folder, { 'mediasmith-network.json': JSON.stringify({ formatVersion: 1, url }) });
  expect(readNetwork(folder)).toEqual({ formatVersion: 1, url: address });
});

it('finds nothing where WinPE was started from a drive', async () => {
  expect(readNetwork(await temporaryFolder())).toBeUndefined();
});

it('finds the address that a Windows has left beside the WinPE it has put onto its disk, and no other', async () => {
  const host = await winpeHost();
  host.windows.drives = { C: { type: 'fixed' }, D: { type: 'fixed' }, E: { type: 'removable' } };
  for (const letter of ['C', 'D', 'E'])
    await writeFiles(host.drive(letter), { '_SMSTaskSequence/medium': `http://${letter}.example/media` });
  expect(await addressBeside(host)).toBeUndefined();
  for (const letter of ['D', 'E']) await writeFiles(host.drive(letter), { '_SMSTaskSequence/boot/boot.wim': '' });
  expect(await addressBeside(host)).toBe('http://d.example/media/');
  await writeFiles(host.drive('D'), { '_SMSTaskSequence/medium': 'E:\\' });
  expect(await addressBeside(host)).toBeUndefined();
});

it.each([
  ['damaged', '{'],
  ['of a later format', JSON.stringify({ formatVersion: 2, url: 'http://server/' })],
  ['without a web server', JSON.stringify({ formatVersion: 1, url: 'tftp://server/' })],
])('says what to correct in a file that is %s', async (_, text) => {
  const folder = await temporaryFolder();
  await writeFiles(folder, { 'mediasmith-network.json': text });
  expect(() => readNetwork(folder)).toThrow(
    expect.objectContaining({ code: 'MEDIUM_NOT_FOUND', hint: expect.stringContaining('mediasmith-network.json') }),
  );
});

it.each([
  ['leaves a network alone that is up', [true], []],
  ['starts one, and need not wait', [false, true], [`${WPEUTIL} InitializeNetwork`]],
  ['starts one and waits for it', [false, false], [`${WPEUTIL} InitializeNetwork`, `${WPEUTIL} WaitForNetwork`]],
])('%s', async (_, answers, lines) => {
  const host = await winpeHost();
  const states = answers.values();
  await startNetwork(host, () => states.next().value === true);
  expect(host.lines).toEqual(lines);
});

it('goes on when it cannot be started: the medium that cannot be read then says so', async () => {
  const host = await winpeHost({ wpeutil: () => ({ exitCode: 5 }) });
  await startNetwork(host, () => false);
  expect(host.messages).toEqual([
    expect.stringMatching(/^warning: the network could not be started/),
    expect.stringMatching(/^warning: the network could not be started/),
  ]);
});
