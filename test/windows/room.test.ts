import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { cacheFolder } from '../../builder/cache-folder.ts';
import { type Argv, exec } from '../../runtime/host/exec.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { openWine } from '../helpers/wine.ts';
import { openRoom } from '../helpers/wine-room.ts';
import { type WineRoot, wineRoot } from '../helpers/wine-root.ts';

let source: WineRoot;
beforeAll(async () => {
  source = await wineRoot(cacheFolder(), exec);
});

/** A folder as a room wants it: its programs start in the prefix. */
async function roomFolder(): Promise<string> {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'prefix/drive_c'), { recursive: true });
  return folder;
}

async function inRoom(...argv: Argv): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  await using room = await openRoom(source.root, await roomFolder());
  return await exec(room.argv(argv), { successCodes: [0, 1, 2] });
}

describe('a room', () => {
  it('has no device but the harmless ones', async () => {
    const found = await inRoom('find', '/dev', '(', '-type', 'b', '-o', '-type', 'c', ')', '-printf', '%P ');
    const devices = found.stdout.trim().split(' ').sort();
    expect(devices).toEqual(['full', 'null', 'pts/ptmx', 'random', 'tty', 'urandom', 'zero']);
    const others = await inRoom('find', '/', '-xdev', '-type', 'b');
    expect(others.stdout).toBe('');
  });

  it('lets nobody make one', async () => {
    const made = await inRoom('mknod', '/wine/disk', 'b', '254', '0');
    expect(made).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('Operation not permitted') });
  });

  it('lets nobody write into what the next one is made from', async () => {
    const written = await inRoom('touch', '/usr/here');
    expect(written).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('Read-only file system') });
  });

  it("lets nobody write into Wine's own files, which all prefixes share", async () => {
    await using wine = await openWine();
    const shared = join(source.prefix, 'drive_c/windows/win.ini');
    const before = await readFile(shared, 'utf8');
    const said = await wine.run(['C:\\windows\\system32\\cmd.exe', '/c', 'echo x>>C:\\windows\\win.ini&echo y']);
    expect(said.stdout).toContain('y');
    expect(await readFile(shared, 'utf8')).toBe(before);
  });

  it('has nothing else mounted, and leaves nothing mounted and nobody running', async () => {
    const folder = await roomFolder();
    let process = '';
    {
      await using room = await openRoom(source.root, folder);
      process =
        room
          .argv(['true'])
          .find((word) => word.startsWith('--target='))
          ?.slice('--target='.length) ?? '';
      const inside = await readFile(join('/proc', process, 'mountinfo'), 'utf8');
      const places = inside
        .trim()
        .split('\n')
        .map((line) => line.split(' ')[4]);
      // The first two are the host's, where its own Wine is used.
      const own = places.filter((place) => place !== '/usr' && place !== '/etc');
      expect(own).toEqual(['/', '/wine', '/proc', '/tmp', '/run', '/dev', '/dev/pts']);
      expect(await readFile('/proc/self/mountinfo', 'utf8')).not.toContain(source.root);
    }
    await expect(readFile(join('/proc', process, 'mountinfo'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
