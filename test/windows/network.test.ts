import { randomBytes } from 'node:crypto';
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { hashBytes } from '../../builder/hash.ts';
import { WINPE_NETWORK_FILE, type WinpeNetwork } from '../../runtime/contract/winpe-start.ts';
import { IMAGE, PACKAGE } from '../helpers/fake-medium.ts';
import { followLines } from '../helpers/follow-lines.ts';
import { writeFiles } from '../helpers/temporary-folder.ts';
import { WebServer } from '../helpers/web-server.ts';
import { splitImage } from '../helpers/wine-image.ts';
import { APPLIED, openWinpe, type Winpe, type WinpeMedium } from '../helpers/wine-winpe.ts';

const MIB = 1024 ** 2;
/** The empty one and not the one that Wine says X: is on: here no medium is on that. */
const DISK = { minimumSize: '40 GB', maximumSize: '40 GB' };
const SEQUENCE = {
  formatVersion: 1,
  ...{ id: 'network', name: 'Deploy from the network' },
  steps: [
    { step: 'run-command-line', command: ['X:\\Windows\\System32\\powercfg.exe', 'early'], package: 'tools' },
    { step: 'format-and-partition-disk', style: 'gpt', disk: DISK },
    { step: 'apply-operating-system', image: 'windows', locale: 'de-DE' },
    { step: 'apply-driver-package', package: 'tools' },
    { step: 'restart-computer' },
  ],
};
/** The stub of DISM that applies the image goes on when this is there. */
const GO = 'go';
const WAITS = [{}, { ...APPLIED, waitsFor: `X:\\${GO}` }];
const LOG = 'Windows/Temp/SMSTSLog/smsts.log';

let winpe: Winpe;
let server: WebServer;
beforeAll(async () => {
  winpe = await openWinpe();
});
afterAll(() => winpe?.[Symbol.asyncDispose]());

beforeEach(async () => {
  await rm(join(winpe.boot, GO), { force: true });
});

/** Puts a medium behind a web server, and nowhere else. Resolves to the folder it is in. */
async function serve(medium: Omit<WinpeMedium, 'sequences'>): Promise<string> {
  await winpe.begin({ sequences: [SEQUENCE], ...medium }, { dism: WAITS });
  const drive = await winpe.wine.drive('D');
  const folder = `${drive}-of-the-server`;
  await rm(folder, { recursive: true, force: true });
  await rename(drive, folder);
  server = await WebServer.start(folder);
  const network: WinpeNetwork = { formatVersion: 1, url: `http://127.0.0.1:${server.port}/` };
  await writeFiles(winpe.boot, {
    [`Windows/System32/${WINPE_NETWORK_FILE}`]: JSON.stringify(network),
    [LOG]: '',
  });
  return folder;
}

/** Runs WinPE's part; `onLine` sees the log as it grows. */
async function run(onLine: (line: string) => void) {
  using _ = followLines(join(winpe.boot, LOG), onLine);
  return await winpe.run();
}

/** What is on the disk while the image is being applied, by name and hash; then the stub goes on. */
async function lookAtDisk(found: Record<string, string>): Promise<void> {
  const folder = join(await winpe.wine.drive('W'), '_mediasmith/mediasmith/images');
  for (const name of await readdir(folder)) found[name] = hashBytes(await readFile(join(folder, name)));
  await writeFile(join(winpe.boot, GO), '');
}

function hashesOf(contents: Readonly<Record<string, Uint8Array>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(contents).map(([path, data]) => [path.split('/').at(-1) ?? '', hashBytes(data)]),
  );
}

it('a whole installation with a split image that a web server has', async () => {
  const contents = await splitImage('windows');
  await serve({ contents, images: [{ ...IMAGE, file: 'mediasmith/images/windows.swm' }] });
  await using _ = server;
  const found: Record<string, string> = {};
  const looked: Promise<void>[] = [];
  const result = await run((line) => {
    if (line.includes('applying image')) looked.push(lookAtDisk(found));
  });
  await Promise.all(looked);
  expect(result).toMatchObject({ exitCode: 0, stderr: '' });
  expect(found).toEqual(hashesOf(contents));
  const calls = (await winpe.calls()).split('\n');
  const dism = calls.filter((line) => line.startsWith('dism')).map((line) => /\/ImageFile:(\S+)/.exec(line)?.[1]);
  expect(dism).toEqual([
    'X:\\mediasmith\\network\\mediasmith\\content.wim',
    'W:\\_mediasmith\\mediasmith\\images\\windows.swm',
    'X:\\mediasmith\\network\\mediasmith\\content.wim',
    undefined,
  ]);
  expect(calls.join('\n')).toContain('/SWMFile:W:\\_mediasmith\\mediasmith\\images\\windows*.swm');
  expect(calls.at(-2)).toBe('wpeutil reboot');
  expect(await winpe.said('error')).toEqual([]);
  // Gone before the disk starts.
  expect(await readdir(await winpe.wine.drive('W'))).not.toContain('_mediasmith');
  expect(await winpe.claim()).toBe('');
  // Verified and fetched: twice, and a package that stays in memory not again.
  const asked = server.requests.map((line) => line.split(' ')[0]);
  expect(asked.filter((path) => path === `/${PACKAGE.file}`).length).toBe(2);
  expect(asked.filter((path) => path === '/mediasmith/images/windows2.swm').length).toBe(2);
});

it('a server that is restarted while an image is fetched costs a moment', async () => {
  const contents = { [IMAGE.file]: randomBytes(30 * MIB) };
  await serve({ contents });
  await using _ = server;
  let fetching = false;
  let off: Promise<void> | undefined;
  server.interfere = (request) => {
    if (!fetching || off !== undefined || !/bytes=2\d{7}-/.test(request.headers.range ?? '')) return false;
    off = server.switchOff();
    return true;
  };
  const found: Record<string, string> = {};
  const deeds: Promise<void>[] = [];
  const result = await run((line) => {
    if (line.includes(`copying ${IMAGE.file}`)) fetching = true;
    if (line.includes('does not answer')) deeds.push(server.switchOn());
    if (line.includes('applying image')) deeds.push(lookAtDisk(found));
  });
  await Promise.all(deeds);
  expect(result).toMatchObject({ exitCode: 0, stderr: '' });
  expect(off).toBeDefined();
  expect(found).toEqual(hashesOf(contents));
  expect(await winpe.said('warning')).toEqual([
    expect.stringMatching(/the web server .* does not answer/),
    expect.stringMatching(/the web server answers again after \d+ s/),
  ]);
  // Once for the verification and once for the fetching, though that one was cut.
  expect(server.requests.filter((line) => line.startsWith(`/${IMAGE.file} bytes=0-`)).length).toBe(2);
});

it('a byte that is another one on the server: no disk is touched', async () => {
  const contents = { [IMAGE.file]: randomBytes(MIB) };
  const folder = await serve({ contents });
  await using _ = server;
  const data = contents[IMAGE.file] ?? Buffer.alloc(0);
  data[MIB / 2] = 255 - (data[MIB / 2] ?? 0);
  await writeFile(join(folder, IMAGE.file), data);
  const result = await run(() => undefined);
  expect(result.exitCode).toBe(1);
  expect((await winpe.said('error')).join('\n')).toContain(
    `the medium is damaged: ${IMAGE.file}: its content has changed`,
  );
  expect(await winpe.calls()).not.toMatch(/diskpart|dism/);
  expect(await winpe.claim()).toBe('');
});
