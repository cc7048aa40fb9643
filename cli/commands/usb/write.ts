import type { StickOptions } from '../../../builder/writers/usb/sticks.ts';
import { writeSticks } from '../../../builder/writers/usb/write-sticks.ts';
import type { CommandResult, Session } from '../../session.ts';
import type { StickNames } from './choose-sticks.ts';
import { onSticks } from './on-sticks.ts';

/** Writes a medium onto sticks, all at once, and reads every byte back. */
export function usbWrite(
  session: Session,
  medium: string,
  { layout, partitionTable, ...names }: StickNames & StickOptions,
): Promise<CommandResult> {
  return onSticks(session, medium, names, {
    title: 'Write',
    warning: 'Everything on it will be lost.',
    interrupted: 'What is not finished starts nothing: write it again.',
    run: (targets, context) => writeSticks(medium, targets, { layout, partitionTable }, context),
  });
}
