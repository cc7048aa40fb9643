import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { prepareNetworkImage } from '../../builder/boot/linux/network-image.ts';
import { prepareLinuxBootEnvironment } from '../../builder/boot/linux/prepare.ts';
import { cacheFolder } from '../../builder/cache-folder.ts';
import { makeDemoImage } from '../../builder/demo/windows-image.ts';
import { fromFile, fromText, type MediaTree } from '../../builder/media-tree.ts';
import { SourceMemory } from '../../builder/source-memory.ts';
import { writePxeTree } from '../../builder/writers/pxe/write-pxe.ts';
import { INITRD_PATH, KERNEL_PATH } from '../../runtime/contract/linux-start.ts';
import { MEDIUM_PATHS } from '../../runtime/contract/manifest.ts';
import { exec } from '../../runtime/host/exec.ts';
import { Sequence } from '../../runtime/sequence/schema.ts';
import { DEPLOY, IMAGE } from './e2e-sequences.ts';
import { aDraft } from './manifest.ts';

/** {@link DEPLOY} without content packages. What was verified is forgotten before it is applied: it is read once more. */
export const NETWORK_DEPLOY = {
  ...DEPLOY,
  steps: [
    { step: 'run-command-line', command: ['sh', '-c', 'echo 1 >/proc/sys/vm/drop_caches'] },
    ...DEPLOY.steps.filter(({ step }) => step !== 'apply-driver-package'),
  ],
};

export const IMAGE_PATH = `${MEDIUM_PATHS.images}/small.wim`;

/** Writes a PXE tree with a small image and one sequence. The address is that of a web server on this computer. */
export async function writeTestPxeTree(
  folder: string,
  { id, url, size }: { id: string; url: string; size: { files: number; bytes: number } },
): Promise<string> {
  const cache = cacheFolder();
  const emit = (): void => {};
  const environment = await prepareLinuxBootEnvironment({ cacheFolder: cache, exec, emit });
  const networkImage = await prepareNetworkImage({ cacheFolder: cache, environment, exec, emit });
  const image = await makeDemoImage({ folder: join(cache, 'demo'), exec, emit, size });
  const sequence = Sequence.parse(NETWORK_DEPLOY);
  const sequenceFile = `${MEDIUM_PATHS.sequences}/${sequence.id}.json`;
  const tree: MediaTree = new Map([
    [KERNEL_PATH, fromFile(environment.kernel)],
    [INITRD_PATH, fromFile(environment.initrd)],
    [IMAGE_PATH, fromFile(image.path)],
    [sequenceFile, fromText(JSON.stringify(sequence))],
  ]);
  const draft = aDraft({
    id,
    name: 'Network test',
    unattended: true,
    sequences: [{ id: sequence.id, name: sequence.name, file: sequenceFile }],
    images: [{ name: IMAGE, file: IMAGE_PATH, index: 1, bytes: size.bytes }],
  });
  const workspace = join(folder, 'work');
  await mkdir(workspace, { recursive: true });
  const written = await writePxeTree(
    { tree, draft, boot: { kind: 'linux', environment, networkImage }, url },
    join(folder, 'tree'),
    { exec, emit, signal: new AbortController().signal, memory: new SourceMemory(cache), workspace },
  );
  return written.folder;
}
