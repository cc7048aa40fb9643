import { chooseDisks, type DiskRules, describeChoice } from '../../contract/disk-rules.ts';
import { MediasmithError } from '../../contract/errors.ts';
import type { TargetDisk } from '../../platform/platform.ts';
import type { StepContext } from '../context.ts';
import type { PresentWindows } from '../present-windows.ts';

/** The Windows this run has applied, else the only one on a disk that satisfies the rules. Several are asked about. */
export async function chooseWindows(rules: DiskRules | undefined, context: StepContext): Promise<PresentWindows> {
  const { platform, state } = context;
  const locked = await platform.lockedVolumes();
  const found = state.target?.windows === undefined ? await platform.installedWindows() : [state.target];
  const { disks, lines } = byRules(found, rules, context);
  const candidates = disks.flatMap((disk) => (disk.windows === undefined ? [] : [{ disk, windows: disk.windows }]));
  const chosen = await theOne(candidates, context);
  if (chosen === undefined) throw notFound(candidates, lines, locked);
  const mute = locked.filter(({ disk }) => sameDevice(disk, chosen.disk.device));
  if (mute.length > 0) throw lockedError('volumes of the disk to capture cannot be read', mute);
  for (const { device } of locked)
    context.log('warning', `${device} is locked by BitLocker: what is on it is not known`);
  return chosen;
}

function byRules(found: readonly TargetDisk[], rules: DiskRules | undefined, { machine }: StepContext) {
  if (rules === undefined) return { disks: found, lines: [] };
  const choice = chooseDisks(machine.disks, rules);
  const fits = ({ device }: TargetDisk): boolean => choice.candidates.some((disk) => sameDevice(disk.device, device));
  return { disks: found.filter(fits), lines: describeChoice(choice) };
}

async function theOne(
  candidates: readonly PresentWindows[],
  { ask }: StepContext,
): Promise<PresentWindows | undefined> {
  const [only, ...others] = candidates;
  if (others.length === 0 || ask === undefined) return others.length === 0 ? only : undefined;
  const choices = [...candidates.map(describeWindows), 'None of them: stop here'];
  return candidates[await ask.choose('Which Windows is captured?', choices)];
}

function describeWindows({ disk, windows }: PresentWindows): string {
  return `${windows.name} (${windows.device}) on ${disk.device}`;
}

function notFound(
  candidates: readonly PresentWindows[],
  rules: readonly string[],
  locked: readonly { device: string }[],
): MediasmithError {
  if (candidates.length === 0 && locked.length > 0) return lockedError('no installed Windows can be read', locked);
  const message =
    candidates.length === 0
      ? 'no installed Windows is found on this machine'
      : `${candidates.length} installed Windows are found`;
  return new MediasmithError('VOLUME_NOT_FOUND', message, {
    lines: [...candidates.map(describeWindows), ...rules],
    hint:
      candidates.length === 0
        ? 'A disk whose driver the boot environment lacks is not seen; rules for disks may leave out the one that is meant.'
        : 'Say which disk is meant (disk: in the step), or take out the others.',
  });
}

function lockedError(message: string, locked: readonly { device: string }[]): MediasmithError {
  return new MediasmithError('VOLUME_NOT_FOUND', `${message}: BitLocker has locked ${locked.length}`, {
    lines: locked.map(({ device }) => device),
    hint: 'Switch BitLocker off in that Windows (manage-bde -off C:), wait until it is decrypted, and start again.',
  });
}

function sameDevice(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
