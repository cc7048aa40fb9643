import { constants } from 'node:os';
import { describe, expect, it } from 'vitest';
import { openForWriting } from '../../../../../runtime/platform/linux/place-to-write.ts';
import { modulesArgv } from '../../../../../runtime/platform/linux/share.ts';

const SHARE = { kind: 'share', server: '10.0.0.9', share: 'images', path: '', user: 'ann' } as const;

/** Each number is what one call of mount(2) ends with. */
async function openShare(numbers: number[]) {
  const done: string[] = [];
  const place = await openForWriting(
    async (argv) => {
      done.push(argv.join(' '));
      return { exitCode: 0, stdout: '', stderr: '' };
    },
    { kind: 'share', share: SHARE, password: 'secret' },
    undefined,
    async (_source, folder) => {
      done.push(`mount ${folder}`);
      return numbers.shift() ?? 0;
    },
  );
  return { place, done };
}

describe('a share that is written to', () => {
  it('is mounted anew to be read back: what the kernel remembers of it is gone', async () => {
    const { place, done } = await openShare([]);
    const mounted = [modulesArgv().join(' '), `mount ${place.path}`];
    await place.reread();
    await place[Symbol.asyncDispose]();
    expect(done).toEqual([...mounted, `umount ${place.path}`, ...mounted, `umount ${place.path}`]);
  });

  it('says why, where it cannot be mounted anew, and is not unmounted twice', async () => {
    const { place, done } = await openShare([0, constants.errno.ENOENT]);
    await expect(place.reread()).rejects.toMatchObject({ code: 'MEDIUM_NOT_FOUND' });
    await place[Symbol.asyncDispose]();
    expect(done.filter((line) => line.startsWith('umount '))).toHaveLength(1);
  });
});
