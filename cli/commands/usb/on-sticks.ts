import { cacheFolder } from '../../../builder/cache-folder.ts';
import { runStage } from '../../../builder/stages/stage.ts';
import { type HeldDevice, holdDevices } from '../../../builder/usb/held-device.ts';
import type { StickContext, WrittenStick } from '../../../builder/writers/usb/sticks.ts';
import { MediasmithError } from '../../../runtime/contract/errors.ts';
import { exec } from '../../../runtime/host/exec.ts';
import type { CommandResult, Session } from '../../session.ts';
import { chooseSticks, type StickNames } from './choose-sticks.ts';
import { terminalPrompter } from './prompter.ts';
import { sticksResult } from './sticks-result.ts';

export type StickDeed = {
  /** What the progress says of it: Write, Update. */
  title: string;
  /** What a person who is asked to confirm it must know. */
  warning: string;
  /** What an interruption has left on the sticks, and what to do about it. */
  interrupted: string;
  run: (targets: readonly HeldDevice[], context: StickContext) => Promise<WrittenStick[]>;
};

/** Chooses sticks, has them confirmed, holds them all, and only then does something to them. */
export async function onSticks(
  { signal, progress }: Session,
  medium: string,
  names: StickNames,
  { title, warning, interrupted, run }: StickDeed,
): Promise<CommandResult> {
  const context = { exec, signal };
  const chosen = await chooseSticks(medium, names, warning, { ...context, prompter: terminalPrompter(signal) });
  await using sticks = await holdDevices(chosen, context);
  const stage = { name: 'usb', title: `${title} ${chosen.map(({ device }) => device).join(', ')}` };
  const written = await progress([stage], (emit) =>
    runStage(emit, stage, () => run(sticks.held, { ...context, emit, cacheFolder: cacheFolder() })),
  ).catch((error) => {
    throw signal.aborted ? new MediasmithError('INTERRUPTED', 'interrupted', { hint: interrupted }) : error;
  });
  return sticksResult(written, chosen);
}
