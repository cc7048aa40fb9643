import { z } from 'zod';
import { formatBytes } from './format-bytes.ts';
import { type Disk, DiskBus } from './machine.ts';
import { parseSize, Size } from './size.ts';

/**
 * Which disk a deployment may erase. With no rule at all it is "the only internal disk". A disk is never named by its
 * number: the order in which a kernel finds disks changes from one start to the next.
 */
export const DiskRules = z
  .strictObject({
    bus: z
      .array(DiskBus)
      .min(1)
      .optional()
      .describe('Only disks attached in one of these ways. USB disks count only when named here'),
    minimumSize: Size.optional().describe('Only disks at least this large'),
    maximumSize: Size.optional().describe('Only disks at most this large'),
    serial: z.string().min(1).optional().describe('Only the disk with this serial number'),
    model: z.string().min(1).optional().describe('Only disks whose model contains this text, in either case'),
    empty: z
      .boolean()
      .optional()
      .describe('true: only disks with nothing on them, or with what an unfinished deployment left'),
  })
  .superRefine(({ minimumSize, maximumSize }, context) => {
    const [least, most] = [Size.safeParse(minimumSize), Size.safeParse(maximumSize)];
    if (!least.success || !most.success || parseSize(least.data) <= parseSize(most.data)) return;
    context.addIssue({
      code: 'custom',
      path: ['minimumSize'],
      message: `no disk has at least ${least.data} and at most ${most.data}`,
      params: { hint: 'Exchange minimumSize and maximumSize, or correct one of them.' },
    });
  });
export type DiskRules = z.infer<typeof DiskRules>;

export type RefusedDisk = { disk: Disk; reasons: string[] };
export type DiskChoice = { candidates: Disk[]; refused: RefusedDisk[] };

/** Holds every disk of a machine against the rules. Pure: nothing is opened. */
export function chooseDisks(disks: readonly Disk[], rules: DiskRules): DiskChoice {
  const choice: DiskChoice = { candidates: [], refused: [] };
  for (const disk of disks) {
    const reasons = [...neverReasons(disk, rules), ...ruleReasons(disk, rules)];
    if (reasons.length === 0) choice.candidates.push(disk);
    else choice.refused.push({ disk, reasons });
  }
  return choice;
}

function neverReasons(disk: Disk, rules: DiskRules): string[] {
  const reasons: string[] = [];
  if (disk.holdsMedium && disk.prestagedBytes === undefined) reasons.push('the medium we run from is on it');
  if (disk.removable) reasons.push('it is removable');
  if (disk.readOnly) reasons.push('it is read-only');
  if (disk.bytes === 0) reasons.push('it has no size');
  if (disk.bus === 'usb' && !rules.bus?.includes('usb'))
    reasons.push('it is attached by USB and the rules do not name usb');
  return reasons;
}

function ruleReasons(disk: Disk, rules: DiskRules): string[] {
  const reasons: string[] = [];
  const { minimumSize, maximumSize } = rules;
  if (rules.bus !== undefined && !rules.bus.includes(disk.bus))
    reasons.push(`its bus is ${disk.bus}, not ${rules.bus.join(' or ')}`);
  if (minimumSize !== undefined && disk.bytes < parseSize(minimumSize))
    reasons.push(`it is smaller than ${minimumSize}`);
  if (maximumSize !== undefined && disk.bytes > parseSize(maximumSize))
    reasons.push(`it is larger than ${maximumSize}`);
  if (rules.serial !== undefined && disk.serial !== rules.serial)
    reasons.push(`its serial number is not ${rules.serial}`);
  if (rules.model !== undefined && !disk.model.toLowerCase().includes(rules.model.toLowerCase()))
    reasons.push(`its model is not ${rules.model}`);
  if (rules.empty === true && !disk.empty) reasons.push('it is not empty');
  return reasons;
}

/** One line a person can tell a disk by. */
export function describeDisk(disk: Disk): string {
  const name = [disk.model, disk.serial && `serial ${disk.serial}`].filter(Boolean).join(', ') || 'no model or serial';
  return `${disk.device}: ${formatBytes(disk.bytes)}, ${disk.bus}, ${name}`;
}

/** The list for an error or a question: every disk with why it was refused, or that it qualifies. */
export function describeChoice({ candidates, refused }: DiskChoice): string[] {
  return [
    ...candidates.map((disk) => `${describeDisk(disk)}: qualifies`),
    ...refused.map(({ disk, reasons }) => `${describeDisk(disk)}: refused, ${reasons.join('; ')}`),
  ];
}
