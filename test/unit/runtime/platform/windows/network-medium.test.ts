import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readManifest } from '../../../../../runtime/engine/verify-medium.ts';
import type { TargetDisk } from '../../../../../runtime/platform/platform.ts';
import { openRememberedMedium } from '../../../../../runtime/platform/windows/network-medium.ts';
import { MEDIUM_ID, PACKAGE, writeFakeMedium } from '../../../../helpers/fake-medium.ts';
import { temporaryFolder, writeFiles } from '../../../../helpers/temporary-folder.ts';
import { WebServer } from '../../../../helpers/web-server.ts';
import { windowsMachine } from '../../../../helpers/windows-machine.ts';

const { signal } = new AbortController();
const BOOT = { 'sources/boot.wim': Buffer.from('image'), 'boot/boot.sdi': Buffer.from('sdi') };
const PROGRAM = 'C/_SMSTaskSequence/bin/mediasmith.exe';

/** A Windows on C: that remembers a medium behind a web server. */
async function remembering() {
  const folder = await temporaryFolder();
  await writeFakeMedium(folder, [{ id: 'a', name: 'A' }], { bootEnvironment: 'winpe' }, BOOT);
  const server = await WebServer.start(join(folder, 'medium'));
  const address = `http://127.0.0.1:${server.port}`;
  const drive = (letter: string): string => join(folder, 'drives', letter);
  await writeFiles(folder, { 'drives/C/_SMSTaskSequence/medium': address });
  const said: string[] = [];
  const host = { drive, log: (level: string, message: string) => void said.push(`${level} ${message}`) };
  const open = (wish: { id?: string; program?: string; patience?: number } = {}) =>
    openRememberedMedium(
      host,
      { letter: 'C', program: join(folder, 'drives', wish.program ?? PROGRAM) },
      wish.id ?? MEDIUM_ID,
      signal,
      wish.patience,
    );
  return { server, address, drive, said, open, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

it('reads the medium again, and says what it waits for', async () => {
  await using windows = await remembering();
  const medium = await windows.open();
  const address = `${windows.address}/`;
  expect(medium?.mounted).toMatchObject({ device: address, address, launchMode: 'PXE' });
  expect(windows.said).toEqual([`info the medium is read from ${address}; the network is waited for, 15 min at most`]);
});

it('verifies nothing ahead, and each file as it is fetched to the drive of Windows', async () => {
  await using windows = await remembering();
  const medium = await windows.open();
  if (medium === undefined) throw new Error('no medium');
  const manifest = await readManifest(medium.mounted.root);
  expect(medium.filesToVerify(manifest.files).map(({ path }) => path)).toEqual(['mediasmith/sequences/a.json']);
  expect(medium.filesToVerify(manifest.files, new Set([PACKAGE.file]))).toEqual([]);
  // The disk that was deployed is the one it lies on.
  medium.goOnWithDisk({ device: '', style: 'gpt', identity: '', volumes: [] } satisfies TargetDisk);
  const file = await medium.mediumFile({ ...medium.mounted, manifest }, PACKAGE.file, { signal });
  expect(file).toBe(join(windows.drive('C'), '_SMSTaskSequence/Network/content', PACKAGE.file));
  expect(await readFile(file)).toEqual(await readFile(join(windows.server.folder, PACKAGE.file)));
  await writeFile(join(windows.server.folder, PACKAGE.file), 'x');
  await medium.close();
  expect(await readdir(join(windows.drive('C'), '_SMSTaskSequence/Network'))).toEqual(['medium']);
});

it('restarts into the WinPE that the server has, which finds the address beside itself', async () => {
  await using windows = await remembering();
  const { platform, drive, lines } = await windowsMachine({ program: PROGRAM });
  await writeFiles(drive('C'), { '_SMSTaskSequence/medium': windows.address });
  const mounted = await platform.findMedium(MEDIUM_ID, signal);
  const medium = { ...mounted, manifest: await readManifest(mounted.root) };
  await platform.arrangeRestart({ into: 'winpe', target: undefined, medium });
  const boot = await readFile(join(drive('C'), '_SMSTaskSequence/boot/boot.wim'), 'utf8');
  expect([boot, lines.at(-1)]).toEqual(['image', expect.stringContaining('bcdedit /bootsequence')]);
  expect(await readFile(join(drive('C'), '_SMSTaskSequence/medium'), 'utf8')).toBe(`${windows.address}/`);
});

it('gives up a server that is away when the time is over, and leaves the state', async () => {
  await using windows = await remembering();
  await windows.server.switchOff();
  await expect(windows.open({ patience: 0 })).rejects.toMatchObject({
    code: 'MEDIUM_NOT_FOUND',
    where: `${windows.address}/`,
    hint: expect.stringContaining('goes on when Windows starts the next time'),
  });
  expect(await readdir(join(windows.drive('C'), '_SMSTaskSequence'))).toEqual(['medium']);
});

it('refuses another medium at the same address', async () => {
  await using windows = await remembering();
  const id = MEDIUM_ID.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
  await expect(windows.open({ id })).rejects.toMatchObject({
    code: 'MEDIUM_NOT_FOUND',
    hint: expect.stringContaining(`begun with the medium ${id}`),
  });
});

it('leaves alone a run with another medium, and a program that lies on the one it wants', async () => {
  await using windows = await remembering();
  await writeFiles(windows.drive('D'), { 'mediasmith/manifest.json': JSON.stringify({ id: MEDIUM_ID }) });
  expect(await windows.open({ program: 'D/mediasmith.exe' })).toBeUndefined();
  await writeFiles(windows.drive('C'), { '_SMSTaskSequence/medium': '\\\\server\\share\\medium' });
  expect(await windows.open()).toBeUndefined();
  expect(windows.server.requests).toEqual([]);
});
