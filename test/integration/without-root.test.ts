import { chmod, chown, cp, mkdir, stat } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { prepareLinuxBootEnvironment } from '../../builder/boot/linux/prepare.ts';
import { linuxBootFolder } from '../../builder/boot/linux/prepare-packages.ts';
import { cacheFolder } from '../../builder/cache-folder.ts';
import { type Argv, exec } from '../../runtime/host/exec.ts';
import { HEAD, SEQUENCE } from '../helpers/project.ts';
import { temporaryFolder, writeFiles } from '../helpers/temporary-folder.ts';

const LAUNCHER = fileURLToPath(new URL('../../cli/mediasmith.mjs', import.meta.url));
/** Debian's nobody: owns nothing. */
const NOBODY = 65_534;
const AS_NOBODY = [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', '--bounding-set=-all'];

/** A cache of that user's own, with the boot environment of the shared one, which nobody else may read. */
async function cacheOf(folder: string): Promise<string> {
  const { root, initrd } = await prepareLinuxBootEnvironment({
    cacheFolder: cacheFolder(),
    exec,
    emit: () => undefined,
  });
  const from = linuxBootFolder(cacheFolder());
  const [, packages = ''] = relative(from, root).split('/');
  const cache = join(folder, 'cache');
  const parts = ['resolution.json', 'base', join('packages', packages), join('environment', basename(dirname(initrd)))];
  for (const part of parts) {
    const to = join(linuxBootFolder(cache), part);
    await mkdir(dirname(to), { recursive: true });
    await cp(join(from, part), to, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
  }
  return cache;
}

describe.skipIf(process.getuid?.() !== 0)('somebody without any rights', () => {
  it('writes images of sticks and of prestaged disks, as large as the plan has said', async () => {
    const folder = await temporaryFolder();
    const cache = await cacheOf(folder);
    const outputs = '[{ usb: one.img }, { usb: two.img, layout: fat32+exfat }, { prestaged: disk.wim }]';
    await writeFiles(folder, {
      'media.yaml': `${HEAD}sequences: [a.yaml]\npackages: [{ name: extra, source: extra }]\noutputs: ${outputs}\n`,
      'a.yaml': SEQUENCE,
      'extra/content.txt': 'extra',
    });
    await exec(['chown', '-R', `${NOBODY}:${NOBODY}`, folder]);
    await chown(folder, NOBODY, NOBODY);
    await chmod(folder, 0o700);
    const build = async (...args: string[]) => {
      const argv: Argv = [
        'setpriv',
        ...AS_NOBODY,
        process.execPath,
        LAUNCHER,
        'build',
        join(folder, 'media.yaml'),
        '--json',
        ...args,
      ];
      const env = { MEDIASMITH_CACHE: cache, HOME: folder };
      return JSON.parse((await exec(argv, { env })).stdout);
    };
    const { plan } = await build('--dry-run');
    const { outputs: written } = await build();
    expect(written).toHaveLength(3);
    for (const { path, bytes } of plan.stickSizes) {
      const { size, uid } = await stat(path);
      expect(uid).toBe(NOBODY);
      expect(size).toBeLessThanOrEqual(bytes);
      expect(bytes).toBeLessThan(1.25 * size);
    }
    const space = plan.space.reduce((sum: number, need: { bytes: number }) => sum + need.bytes, 0);
    const sizes = await Promise.all(written.map(async ({ path }: { path: string }) => (await stat(path)).size));
    const used = sizes.reduce((sum, size) => sum + size, 0);
    expect(space).toBeGreaterThan(used);
    expect(space).toBeLessThan(1.3 * used);
  });
});
