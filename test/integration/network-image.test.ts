import { readFile } from 'node:fs/promises';
import { zstdDecompressSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { moduleName } from '../../builder/boot/linux/kernel-modules.ts';
import { prepareNetworkImage } from '../../builder/boot/linux/network-image.ts';
import { type LinuxBootEnvironment, prepareLinuxBootEnvironment } from '../../builder/boot/linux/prepare.ts';
import { cacheFolder } from '../../builder/cache-folder.ts';
import { type Exec, exec } from '../../runtime/host/exec.ts';
import { type ReadEntry, readCpio } from '../helpers/read-cpio.ts';

const nothingRuns: Exec = (argv) => Promise.reject(new Error(`${argv.join(' ')} was run`));
const emit = (): void => undefined;

describe('the network part of the boot environment', () => {
  let environment: LinuxBootEnvironment;
  let image: string;
  let entries: ReadEntry[];
  let base: string[];
  beforeAll(async () => {
    environment = await prepareLinuxBootEnvironment({ cacheFolder: cacheFolder(), exec, emit });
    image = await prepareNetworkImage({ cacheFolder: cacheFolder(), environment, exec, emit });
    entries = readCpio(zstdDecompressSync(await readFile(image)));
    base = readCpio(zstdDecompressSync(await readFile(environment.initrd))).map(({ path }) => path);
  });

  it('is made once', async () => {
    expect(await prepareNetworkImage({ cacheFolder: cacheFolder(), environment, exec: nothingRuns, emit })).toBe(image);
  });

  it('has the drivers of common cards, signed, and none that sticks and discs start with', () => {
    const modules = entries.filter(({ path }) => path.endsWith('.ko'));
    const names = modules.map(({ path }) => moduleName(path));
    for (const name of [
      ...['virtio_net', 'e1000', 'e1000e', 'igb', 'igc', 'ixgbe', 'r8169', 'tg3', 'bnxt_en', 'atlantic', 'hv_netvsc'],
      ...['vmxnet3', 'r8152', 'ax88179_178a', 'cdc_ether', 'cdc_ncm', 'realtek', 'mlx5_core', 'ena'],
      ...['cifs', 'cmac', 'ccm', 'gcm', 'seqiv', 'aesni_intel'],
    ]) {
      expect(names).toContain(name);
    }
    for (const { path, data } of modules) {
      expect(data.subarray(-28).toString(), path).toBe('~Module signature appended~\n');
      expect(base).not.toContain(path);
    }
  });

  it('brings an index over its modules and all the others', () => {
    const index = entries.find(({ path }) => path.endsWith('/modules.dep'))?.data.toString() ?? '';
    const aliases = entries.find(({ path }) => path.endsWith('/modules.alias'))?.data.toString() ?? '';
    for (const name of ['e1000e.ko', 'nvme.ko', 'usb-storage.ko']) expect(index).toContain(`/${name}:`);
    expect(aliases).toMatch(/ r8169$/m);
    expect(aliases).toMatch(/ nvme$/m);
  });

  it('ends with what init looks for', () => {
    expect(entries.slice(-2).map(({ path }) => path)).toEqual(['usr/lib/mediasmith/network', 'TRAILER!!!']);
    expect(entries.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['usr/lib/mediasmith/mount-url', 'usr/lib/mediasmith/udhcpc-script']),
    );
  });
});
