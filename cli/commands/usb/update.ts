import { type UpdateOptions, updateSticks } from '../../../builder/writers/usb/update-sticks.ts';
import type { CommandResult, Session } from '../../session.ts';
import type { StickNames } from './choose-sticks.ts';
import { onSticks } from './on-sticks.ts';

/** Makes sticks of ours the same as a medium, writing only what differs; reads all of them afterwards where that is wanted. */
export function usbUpdate(
  session: Session,
  medium: string,
  { verify, ...names }: StickNames & UpdateOptions,
): Promise<CommandResult> {
  return onSticks(session, medium, names, {
    title: 'Update',
    warning: `The medium on it becomes ${medium}.`,
    interrupted: 'Each stick has its old medium or the new one: update it again.',
    run: (targets, context) => updateSticks(medium, targets, context, { verify }),
  });
}
