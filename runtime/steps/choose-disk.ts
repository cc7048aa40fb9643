import { chooseDisks, type DiskRules, describeChoice, describeDisk } from '../contract/disk-rules.ts';
import { MediasmithError } from '../contract/errors.ts';
import type { Disk } from '../contract/machine.ts';
import { diskNumber } from '../platform/winpe/diskpart.ts';
import type { StepContext } from './context.ts';

/** Exactly one disk, or a question, or an error with the list. Never a guess. */
export async function theOneDisk(rules: DiskRules, question: string, context: StepContext): Promise<Disk> {
  const choice = chooseDisks(context.machine.disks, rules);
  const lines = describeChoice(choice);
  for (const line of lines) context.log('info', line);
  const [only, ...others] = choice.candidates;
  if (only !== undefined && others.length === 0) return only;
  // A prestaged medium was laid onto the disk it is for. One with more on it is like any other.
  const own = choice.candidates.find(({ prestagedBytes, empty }) => prestagedBytes !== undefined && empty);
  if (own !== undefined) return own;
  if (only === undefined) {
    throw new MediasmithError('DISK_NOT_CHOSEN', 'no disk satisfies the rules', {
      lines,
      hint: 'Change the rules of the step, or the machine. Nothing was changed.',
    });
  }
  if (context.ask === undefined) {
    throw new MediasmithError(
      'DISK_NOT_CHOSEN',
      `${choice.candidates.length} disks satisfy the rules, and nobody is there to ask`,
      {
        lines,
        hint: 'Make the rules of the step so narrow that one disk is left. Nothing was changed.',
      },
    );
  }
  const cancel = 'None of them: stop here';
  const answer = await context.ask.choose(question, [...choice.candidates.map(describeDisk), cancel]);
  const chosen = choice.candidates[answer];
  if (chosen !== undefined) return chosen;
  throw new MediasmithError('DISK_NOT_CHOSEN', 'no disk was chosen', { lines, hint: 'Nothing was changed.' });
}

/**
 * ConfigMgr's number of a disk chooses none here, because it changes from start to start. Where a sequence or a script has
 * given one, it must be that of the disk which the rules have chosen: somebody means another disk.
 */
export function refuseOtherNumber(
  disk: Disk,
  variable: 'OSDDiskIndex' | 'OSDConvertDiskIndex',
  { machine, variables }: Pick<StepContext, 'machine' | 'variables'>,
): void {
  const wanted = variables.get(variable)?.trim();
  if (wanted === undefined) return;
  if (/^\d{1,4}$/.test(wanted) && isNumber(disk, Number(wanted), machine.disks)) return;
  throw new MediasmithError(
    'DISK_NOT_CHOSEN',
    `${variable} is ${wanted}, which is not known to be the disk of the rules`,
    {
      lines: [describeDisk(disk)],
      hint: `Say by the rules of the step which disk is meant, and take ${variable} away. Nothing was changed.`,
    },
  );
}

/** Linux has no such numbers: there only an only disk can be the first. */
function isNumber(disk: Disk, wanted: number, disks: readonly Disk[]): boolean {
  if (/PhysicalDrive\d+$/i.test(disk.device)) return diskNumber(disk) === wanted;
  return wanted === 0 && disks.every((other) => other.device === disk.device || other.removable || other.holdsMedium);
}
