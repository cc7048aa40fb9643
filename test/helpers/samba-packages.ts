import { existsSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DEBIAN_KEYRINGS, DEBIAN_SOURCES } from '../../builder/boot/linux/debian-packages.ts';
import { cachedFolder, contentKey, keepNewest } from '../../builder/cached-folder.ts';
import { type Apt, downloadPackages, openApt, updateLists } from '../../builder/tools/apt.ts';
import { extractDeb } from '../../builder/tools/dpkg-deb.ts';
import { unpackedProgram } from '../../builder/tools/unpacked-program.ts';
import type { Argv, Exec } from '../../runtime/host/exec.ts';

/** bubblewrap gives a program another /usr, with and without root rights. */
const PACKAGES = ['samba', 'bubblewrap'];
/** Raise it when anything in the making changes. */
const RECIPE = 1;
/** One is 150 megabytes. */
const KEPT = 1;

/** How the command line of each program begins. */
export type Samba = { smbd: Argv; pdbedit: Argv };

/**
 * Debian's Samba, unpacked into the cache and not installed: the package would start a file server. Only the first call
 * needs a network. A Samba that is installed is not used.
 */
export async function unpackedSamba(cacheFolder: string, exec: Exec): Promise<Samba> {
  const root = join(cacheFolder, 'samba', contentKey([RECIPE, DEBIAN_SOURCES, PACKAGES]));
  await cachedFolder(root, (temporary) => unpack(temporary, exec));
  await keepNewest(dirname(root), KEPT);
  return { smbd: within(root, '/usr/sbin/smbd'), pdbedit: within(root, '/usr/bin/pdbedit') };
}

async function unpack(root: string, exec: Exec): Promise<void> {
  const keyrings = DEBIAN_KEYRINGS.filter((keyring) => existsSync(keyring));
  const apt = await openApt({ folder: join(root, 'apt'), sources: DEBIAN_SOURCES, keyrings, exec });
  const downloads = join(root, 'downloads');
  await mkdir(downloads);
  await updateLists(apt);
  await downloadPackages(apt, await withDependencies(apt, PACKAGES), downloads);
  for (const deb of await readdir(downloads)) await extractDeb(join(downloads, deb), root, exec);
  for (const folder of ['apt', 'downloads']) await rm(join(root, folder), { recursive: true });
}

/** All that apt would install on a system without any package. */
async function withDependencies({ exec, environment }: Apt, names: readonly string[]): Promise<string[]> {
  const argv: Argv = ['apt-get', '-q', '--simulate', '--no-install-recommends', 'install', ...names];
  const { stdout } = await exec(argv, { env: environment });
  return [...stdout.matchAll(/^Inst (\S+)/gm)].map(([, name = '']) => name);
}

/** Samba's modules are where it was built for: the program sees the packages' /usr, and no winbindd of this system. */
function within(root: string, program: string): Argv {
  const room = ['--dev-bind', '/', '/', '--ro-bind', join(root, 'usr'), '/usr', '--setenv', '_NO_WINBINDD', '1'];
  return [...unpackedProgram(root, 'usr/bin/bwrap'), ...room, '--', program];
}
