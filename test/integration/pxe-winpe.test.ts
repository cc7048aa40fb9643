import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { prepareLinuxBootEnvironment } from '../../builder/boot/linux/prepare.ts';
import { VirtualMachine } from '../../builder/boot-test/virtual-machine.ts';
import { cacheFolder } from '../../builder/cache-folder.ts';
import { hashFile } from '../../builder/hash.ts';
import { fromText, type MediaTree } from '../../builder/media-tree.ts';
import { SourceMemory } from '../../builder/source-memory.ts';
import { writePxeTree } from '../../builder/writers/pxe/write-pxe.ts';
import { exec } from '../../runtime/host/exec.ts';
import { aDraft } from '../helpers/manifest.ts';
import { temporaryFolder, writeFiles } from '../helpers/temporary-folder.ts';
import { WebServer } from '../helpers/web-server.ts';

const TREE: MediaTree = new Map([
  ['bootmgr', fromText('not a boot manager')],
  ['boot/BCD', fromText('not a store')],
  ['boot/boot.sdi', fromText('no image')],
  ['efi/boot/bootx64.efi', fromText('no loader')],
  ['efi/microsoft/boot/fonts/wgl4_boot.ttf', fromText('no font')],
  ['sources/boot.wim', fromText('no image either')],
]);
const EMIT = (): void => undefined;

/** No wimboot and no Windows PE can be had here. A Linux kernel in place of wimboot is as good until it is started. */
it('the iPXE script for Windows PE is understood, and every file is fetched from the web server in order', async () => {
  const folder = await temporaryFolder();
  await using server = await WebServer.start(join(folder, 'tree'));
  const { kernel } = await prepareLinuxBootEnvironment({ cacheFolder: cacheFolder(), exec, emit: EMIT });
  await writeFiles(folder, { 'work/.keep': '' });
  await writePxeTree(
    {
      tree: TREE,
      draft: aDraft({ bootEnvironment: 'winpe' }),
      boot: { kind: 'winpe', wimboot: { path: kernel, sha256: await hashFile(kernel) } },
      url: `http://10.0.2.2:${server.port}/`,
    },
    server.folder,
    {
      ...{ exec, emit: EMIT, signal: new AbortController().signal },
      ...{ memory: new SourceMemory(join(folder, 'cache')), workspace: join(folder, 'work') },
    },
  );
  const fetchedAll = Promise.withResolvers<void>();
  server.interfere = (request) => {
    if (request.url === '/sources/boot.wim') fetchedAll.resolve();
    return false;
  };
  await using machine = await VirtualMachine.start({
    ...{ firmware: 'bios', folder: join(folder, 'machine'), memoryMiB: 256 },
    network: { tftp: { folder: server.folder, bootFile: 'autoexec.ipxe' } },
  });
  const ended = machine.exited.then(async () => {
    throw new Error(`the machine ended: ${await readFile(machine.serialLog, 'utf8')}`);
  });
  await Promise.race([fetchedAll.promise, ended]);
  expect(server.requests).toEqual([
    ...[
      '/boot/pxe/wimboot',
      '/bootmgr',
      '/boot/BCD',
      '/boot/boot.sdi',
      '/efi/boot/bootx64.efi',
      '/efi/microsoft/boot/fonts/wgl4_boot.ttf',
      '/mediasmith-network.json',
      '/sources/boot.wim',
    ],
  ]);
  ended.catch(() => undefined);
});
