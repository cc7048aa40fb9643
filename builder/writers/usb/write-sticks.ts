import { isMediasmithError, type MediasmithError } from '../../../runtime/contract/errors.ts';
import { FAT32_FILE_BYTES } from '../../fat32.ts';
import { planStick, volumeLabel } from '../../stick/plan-stick.ts';
import { stickIdentity } from '../../stick/stick-identity.ts';
import { type MediumContent, readMediumContent } from './medium-content.ts';
import {
  ofStick,
  refuseOwnSource,
  type StickContext,
  type StickOptions,
  type StickTarget,
  stickName,
  type WrittenStick,
  workOnSticks,
} from './sticks.ts';
import { bytesToWrite, type NewStick, type StickTask, writeStick } from './write-stick.ts';

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
  const works = newSticks(content, targets, options).map(({ target, stick }) => ({
    bytes: bytesToWrite(stick),
    run: (task: StickTask) => writeStick(stick, target.handle, task),
  }));
  const { label } = content.manifest;
  const written = await workOnSticks(targets, works, context);
  return written.map((stick) => ({
    ...stick,
    ...(volumeLabel(label) !== label && { volumeLabel: volumeLabel(label) }),
  }));
}

/** `NO_SPACE` names every stick that is too small. */
function newSticks(
  content: MediumContent,
  targets: readonly StickTarget[],
  options: StickOptions,
): { target: StickTarget; stick: NewStick }[] {
  const small: { target: StickTarget; error: MediasmithError }[] = [];
  const sticks = targets.flatMap((target) => {
    try {
      return [{ target, stick: newStick(content, target, options) }];
    } catch (error) {
      if (!isMediasmithError(error) || error.code !== 'NO_SPACE') throw error;
      small.push({ target, error });
      return [];
    }
  });
  const [first, ...others] = small;
  if (first === undefined) return sticks;
  const lines = others.map(({ target, error }) => `${stickName(target)}: ${error.message}`);
  throw ofStick(first.target, first.error, lines);
}

function newStick({ manifest, files, bios }: MediumContent, { bytes }: StickTarget, options: StickOptions): NewStick {
  const identity = stickIdentity(manifest.id);
  const large = files.some((file) => file.bytes > FAT32_FILE_BYTES);
  const layout = options.layout ?? (large ? 'fat32+exfat' : 'fat32');
  const partitionTable = options.partitionTable ?? 'mbr';
  const plan = planStick(files, { layout, partitionTable, label: manifest.label, identity, bytes });
  return { files, plan, partitionTable, identity, bios };
}
