import { existsSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cachedFolder, keepNewest } from '../../builder/cached-folder.ts';
import { MediasmithError } from '../../runtime/contract/errors.ts';
import type { Argv, Exec } from '../../runtime/host/exec.ts';
import { openRoom } from './wine-room.ts';

/** Where Wine is and what a new prefix is cloned from; in the cache, and written to by nobody. */
export type WineRoot = { root: string; prefix: string };

export const WINE = '/usr/lib/wine/wine64';
export const WINESERVER = '/usr/lib/wine/wineserver64';
/** Older ones cannot run Node 26. */
const LEAST_WINE = 10;
const RELEASE = 'trixie';
/** Raise it when anything in the making changes. */
const RECIPE = 2;
/** One is two gigabytes. */
const KEPT = 1;
const KEYRINGS = ['/usr/share/keyrings/debian-archive-keyring.gpg', '/usr/share/keyrings/debian-archive-keyring.pgp'];

/** The root that {@link makeWineRoot} has made. */
export async function wineRoot(cacheFolder: string, exec: Exec): Promise<WineRoot> {
  const place = await placeOf(cacheFolder, exec);
  if (!existsSync(place)) {
    throw new MediasmithError('TOOL_MISSING', 'Wine is not set up', { hint: 'Run "npm run test:windows" as root.' });
  }
  return parts(place);
}

/**
 * Makes a root with Wine, once: of this system when it has Wine 10, or else of Debian 13, unpacked into the cache. Needs
 * root rights, and a network for the latter. Nothing of this system changes.
 */
export async function makeWineRoot(cacheFolder: string, exec: Exec, say: (text: string) => void): Promise<WineRoot> {
  const place = await placeOf(cacheFolder, exec);
  await cachedFolder(place, async (temporary) => {
    const { root, prefix } = parts(temporary);
    await mkdir(root);
    if ((await hostWine(exec)) === undefined) {
      say('Unpacking a Debian 13 with Wine into the cache (about a minute)');
      await unpackDebian(root, exec);
    }
    for (const folder of ['usr', 'etc', 'proc', 'dev', 'tmp', 'run', 'wine']) {
      await mkdir(join(root, folder), { recursive: true });
    }
    await makeMergedUsrLinks(root, exec);
    say('Making a Wine prefix');
    await makePrefix(temporary, exec);
    if (!existsSync(join(prefix, 'system.reg'))) throw new Error('wineboot made no prefix');
    // What a room has is hard links of these, and root in a room has no rights beyond the mode's.
    await exec(['find', join(prefix, 'drive_c'), '-type', 'f', '-exec', 'chmod', 'a-w', '{}', '+']);
  });
  await keepNewest(dirname(place), KEPT);
  return parts(place);
}

async function placeOf(cacheFolder: string, exec: Exec): Promise<string> {
  return join(cacheFolder, 'wine/roots', `${(await hostWine(exec)) ?? RELEASE}-${RECIPE}`);
}

function parts(place: string): WineRoot {
  return { root: join(place, 'root'), prefix: join(place, 'prefix') };
}

/** The version of this system's Wine, such as `wine-10.0`; undefined without one that will do. */
async function hostWine(exec: Exec): Promise<string | undefined> {
  if (!existsSync(WINE)) return undefined;
  const [version = '', major] = /^wine-(\d+)[.\d]*/.exec((await exec([WINE, '--version'])).stdout) ?? [];
  return Number(major) >= LEAST_WINE ? version : undefined;
}

/** In a mount namespace of its own: what debootstrap mounts is gone when it ends, however it ends. */
async function unpackDebian(root: string, exec: Exec): Promise<void> {
  const alone: Argv = ['unshare', '--mount'];
  const proxy = await aptProxy(exec);
  const environment = { LC_ALL: 'C.UTF-8', DEBIAN_FRONTEND: 'noninteractive', ...proxy };
  await exec([...alone, ...debootstrapArgv(root, await debianMirror(exec))], { env: environment });
  const install = ['apt-get', 'install', '--yes', '--no-install-recommends', 'wine64'];
  await exec([...alone, 'chroot', root, ...install], { env: environment });
  await exec(['chroot', root, 'apt-get', 'clean']);
  await rm(join(root, 'var/lib/apt/lists'), { recursive: true });
}

export function debootstrapArgv(root: string, mirror: string): Argv {
  const keyring = KEYRINGS.find(existsSync);
  return [
    ...(['debootstrap', '--variant=minbase', '--include=ca-certificates', '--force-check-gpg'] as const),
    ...(keyring === undefined ? [] : [`--keyring=${keyring}`]),
    ...[RELEASE, root, mirror],
  ];
}

/** The mirror this system's own packages come from. */
async function debianMirror(exec: Exec): Promise<string> {
  const release = await readFile('/etc/os-release', 'utf8');
  const codename = /^VERSION_CODENAME=(\w+)/m.exec(release)?.[1];
  const { stdout } = await exec(['apt-get', 'indextargets', '--format', '$(RELEASE) $(COMPONENT) $(REPO_URI)']);
  const mirror = mirrorOf(stdout, codename ?? '');
  if (mirror === undefined) {
    throw new MediasmithError('TOOL_MISSING', 'no Debian mirror in the configuration of apt', {
      hint: 'Give apt a source of Debian packages in /etc/apt/sources.list.d, as an installed Debian has it.',
    });
  }
  const list = /^mirror\+file:(?:\/\/)?(\/.*?)\/*$/.exec(mirror)?.[1];
  if (list === undefined) return mirror;
  return /^[a-z]+:\S+/m.exec(await readFile(list, 'utf8'))?.[0] ?? mirror;
}

/** Of lines `release component address`, the address of the release itself and not of its updates. */
export function mirrorOf(targets: string, codename: string): string | undefined {
  const lines = targets.split('\n').map((line) => line.split(' '));
  return lines.find(([release, component]) => release === codename && component === 'main')?.[2];
}

/** debootstrap does not know apt's own settings. */
async function aptProxy(exec: Exec): Promise<Record<string, string>> {
  const { stdout } = await exec(['apt-config', 'shell', 'PROXY', 'Acquire::http::Proxy']);
  const proxy = /^PROXY='(.*)'$/m.exec(stdout)?.[1];
  return proxy === undefined ? {} : { http_proxy: proxy };
}

async function makeMergedUsrLinks(root: string, exec: Exec): Promise<void> {
  for (const name of ['bin', 'sbin', 'lib', 'lib64']) {
    if (!existsSync(join(root, name))) await exec(['ln', '--symbolic', `usr/${name}`, join(root, name)]);
  }
}

/** Without the drive Z:, which would be the whole root: a test has the drives it makes. */
async function makePrefix(place: string, exec: Exec): Promise<void> {
  // Where a room's programs start; Wine takes a prefix that is begun.
  await mkdir(join(place, 'prefix/drive_c'), { recursive: true });
  await using room = await openRoom(join(place, 'root'), place);
  await exec(room.argv([WINE, 'wineboot', '--init']), { timeoutSeconds: 300 });
  await exec(room.argv([WINESERVER, '--wait']), { timeoutSeconds: 300 });
  await rm(join(place, 'prefix/dosdevices/z:'));
  // Names the folder of the server that has just ended.
  await rm(join(place, 'prefix/wineserver'), { force: true });
}
