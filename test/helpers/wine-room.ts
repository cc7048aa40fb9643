import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { MediasmithError } from '../../runtime/contract/errors.ts';
import type { Argv } from '../../runtime/host/exec.ts';

const SCRIPT = fileURLToPath(new URL('wine-room.sh', import.meta.url));
const ENVIRONMENT = {
  PATH: '/usr/bin:/usr/sbin',
  HOME: '/tmp',
  XDG_RUNTIME_DIR: '/run',
  // Wine reads its command line in the locale's encoding.
  LANG: 'C.UTF-8',
  TZ: 'UTC',
  WINEPREFIX: '/wine/prefix',
  WINEDEBUG: '-all',
  // It would ask for a download of .NET and of a browser.
  WINEDLLOVERRIDES: 'mscoree,mshtml=',
};

/** A chroot in namespaces of its own. Disposing of it ends everything in it; so does the end of this process. */
export type Room = AsyncDisposable & {
  /** The command line that runs a program in the room: as root, but without any of root's rights over the machine. */
  argv(inside: Argv, environment?: Readonly<Record<string, string>>): Argv;
};

/** Opens a room in which `folder` is /wine and everything else is read from `root`. Needs root rights. */
export async function openRoom(root: string, folder: string): Promise<Room> {
  const keeper = spawn('unshare', ['--mount', '--pid', '--fork', '--kill-child', 'sh', SCRIPT, root, folder]);
  const closed = once(keeper, 'close');
  let complaints = '';
  keeper.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints += text;
  });
  const process = await Promise.race([
    once(createInterface({ input: keeper.stdout }), 'line').then(([line]) => Number(line)),
    closed.then(() => undefined),
  ]);
  if (process === undefined) {
    throw new MediasmithError('TOOL_MISSING', 'cannot make a room for Wine', {
      lines: complaints.split('\n').filter(Boolean),
      hint: 'Run it as root; in a container it needs the right to mount (CAP_SYS_ADMIN) and to make devices (CAP_MKNOD).',
    });
  }
  return {
    argv: (inside, environment = {}) => [
      ...(['nsenter', `--target=${process}`, '--mount', '--pid', '--root', '--wdns=/wine/prefix/drive_c'] as const),
      ...['--', 'setpriv', '--bounding-set=-all', '--inh-caps=-all', '--no-new-privs', 'env', '--ignore-environment'],
      ...Object.entries({ ...ENVIRONMENT, ...environment }).map(([name, value]) => `${name}=${value}`),
      ...inside,
    ],
    async [Symbol.asyncDispose]() {
      keeper.stdin.end();
      await closed;
    },
  };
}
