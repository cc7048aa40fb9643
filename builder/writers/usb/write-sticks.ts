import { FAT32_FILE_BYTES } from '../../fat32.ts';
import { planStick } from '../../stick/plan-stick.ts';
import { stickIdentity } from '../../stick/stick-identity.ts';
import { type MediumContent, readMediumContent } from './medium-content.ts';
import {
  refuseOwnSource,
  type StickContext,
  type StickOptions,
  type StickTarget,
  type WrittenStick,
  workOnSticks,
} from './sticks.ts';
import { bytesToWrite, type NewStick, writeStick } from './write-stick.ts';

/**
 * Makes sticks of a medium: an ISO, a folder, another stick or an image of one. What was on them is gone. Everything that
 * can be refused is refused before the first of them is touched: `NO_SPACE`, `FILE_TOO_LARGE`, `MEDIUM_CORRUPT`. A stick
 * that is not finished, whatever the reason, starts nothing.
 */
export async function writeSticks(
  medium: string,
  targets: readonly StickTarget[],
  options: StickOptions,
  context: StickContext,
): Promise<WrittenStick[]> {
  const content = await readMediumContent(medium, context);
  await refuseOwnSource(content, targets);
  const works = targets.map((target) => {
    const stick = newStick(content, target, options);
    return {
      bytes: bytesToWrite(stick),
      run: (task: Parameters<typeof writeStick>[2]) => writeStick(stick, target.handle, task),
    };
  });
  return workOnSticks(targets, works, context);
}

function newStick({ manifest, files, bios }: MediumContent, { bytes }: StickTarget, options: StickOptions): NewStick {
  const identity = stickIdentity(manifest.id);
  const large = files.some((file) => file.bytes > FAT32_FILE_BYTES);
  const layout = options.layout ?? (large ? 'fat32+exfat' : 'fat32');
  const partitionTable = options.partitionTable ?? 'mbr';
  const plan = planStick(files, { layout, partitionTable, label: manifest.label, identity, bytes });
  return { files, plan, partitionTable, identity, bios };
}
