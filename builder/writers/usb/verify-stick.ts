import { MediasmithError } from '../../../runtime/contract/errors.ts';
import { verifyMedium } from '../../inspect/verify-medium.ts';
import type { StickContext } from './sticks.ts';
import type { StickTask } from './write-stick.ts';

/** Reads everything on a stick and compares it with the manifest that lies there. `MEDIUM_CORRUPT` names what is damaged. */
export async function verifyStick(
  device: string,
  { flush, onVerified, signal }: StickTask,
  context: StickContext,
): Promise<void> {
  // What is remembered of it is not what lies on it.
  await flush();
  let read = 0;
  const { bad } = await verifyMedium(device, {
    ...{ ...context, signal },
    emit: (event) => {
      if (event.event !== 'progress') return;
      onVerified(event.done - read);
      read = event.done;
    },
  });
  if (bad.length === 0) return;
  const count = bad.length === 1 ? '1 file on it is' : `${bad.length} files on it are`;
  throw new MediasmithError('MEDIUM_CORRUPT', `it is up to date, and ${count} damaged`, {
    lines: bad.map(({ path, reason }) => `${path}: ${reason}`),
    hint: 'Write the whole stick: mediasmith usb write. Use another one where that fails too.',
  });
}
