import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MEDIUM_PATHS } from '../../runtime/contract/manifest.ts';
import { parseMakersSize } from '../../runtime/contract/size.ts';
import { type Output, volumesOf } from '../config/schema.ts';
import { hashBytes } from '../hash.ts';
import { finishedFiles } from '../manifest-draft.ts';
import type { MediaSource, ReadonlyMediaTree } from '../media-tree.ts';
import type { BiosCode } from '../stick/bios-code.ts';
import { planStick } from '../stick/plan-stick.ts';
import { stickIdentity } from '../stick/stick-identity.ts';
import { flusher } from '../writers/usb/flush.ts';
import { bytesToWrite, writeStick } from '../writers/usb/write-stick.ts';
import { lookAtSources } from './look-at-sources.ts';
import type { MediumToWrite } from './medium-to-write.ts';
import type { StageContext } from './stage.ts';
import { stickFiles } from './stick-files.ts';

/** `sha256` is the manifest's, which vouches for every file it lists. */
export type WrittenStickImage = { file: string; bytes: number; sha256: string };

/**
 * Writes the image of a USB stick, or of a prestaged disk, into the workspace and reads it back. Sources are hashed while they are copied; the
 * manifest comes last. `SOURCE_CHANGED` when one was changed meanwhile, `NO_SPACE` when `size` is too small.
 */
export async function writeStickImage(
  { tree, draft, label, signer }: MediumToWrite,
  output: Output,
  context: StageContext,
): Promise<WrittenStickImage> {
  const { exec, emit, signal, workspace } = context;
  const sources = await lookAtSources(tree, context);
  const { layout, partitionTable } = volumesOf(output);
  const { size } = output;
  const { files, late } = stickFiles({ tree, draft, signer }, sources);
  const identity = stickIdentity(draft.id);
  let computed: ReadonlyMap<string, string> = new Map();
  const plan = planStick([...files, ...late], {
    ...{ layout, partitionTable, label, identity },
    bytes: size === undefined ? undefined : parseMakersSize(size),
  });
  const stick = {
    ...{ files, plan, partitionTable, identity, bios: await biosCode(tree), fixed: output.prestaged !== undefined },
    late: {
      files: late,
      make: (hashes: ReadonlyMap<string, string>) => {
        computed = hashes;
        return finishedFiles(draft, hashes, signer);
      },
    },
  };
  const file = join(workspace, 'stick.img');
  await using handle = await open(file, 'w+');
  await handle.truncate(plan.bytes);
  const total = 2 * bytesToWrite(stick);
  let done = 0;
  const count = (bytes: number): void => {
    done += bytes;
    emit({ event: 'progress', title: 'Writing and reading back', done, total, unit: 'bytes' });
  };
  const made = await writeStick(stick, handle, {
    ...{ signal, onWritten: count, onVerified: count },
    flush: flusher(file, handle, { exec, signal }),
  });
  await sources.refuseChanged();
  await sources.remember(computed);
  return { file, bytes: plan.bytes, sha256: hashBytes(made.get(MEDIUM_PATHS.manifest) ?? Buffer.alloc(0)) };
}

async function biosCode(tree: ReadonlyMediaTree): Promise<BiosCode | undefined> {
  const [bootSector, core] = [MEDIUM_PATHS.biosBootSector, MEDIUM_PATHS.biosCore].map((path) => tree.get(path));
  if (bootSector === undefined || core === undefined) return undefined;
  return { bootSector: await content(bootSector), core: await content(core) };
}

async function content(source: MediaSource): Promise<Buffer> {
  return source.kind === 'bytes' ? Buffer.from(source.data) : readFile(source.path);
}
