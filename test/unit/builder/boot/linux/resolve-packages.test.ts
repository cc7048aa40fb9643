import { expect, it } from 'vitest';
import { resolvePackages } from '../../../../../builder/boot/linux/resolve-packages.ts';
import type { Exec } from '../../../../../runtime/host/exec.ts';

/** A file system on which nothing is ever free. */
const FULL = '/proc';

it('refuses a cache on a full file system before apt is started, which would wait there without end', async () => {
  const started: string[] = [];
  const exec: Exec = async ([program]) => {
    started.push(program);
    throw new Error('started');
  };
  const places = { workspace: `${FULL}/w`, downloads: `${FULL}/w/d` };
  await expect(resolvePackages(`${FULL}/linux-boot`, places, exec)).rejects.toMatchObject({
    code: 'NO_SPACE',
    where: FULL,
  });
  expect(started).toEqual([]);
});
