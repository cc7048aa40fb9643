import { readFile, writeFile } from 'node:fs/promises';
import type { Environment } from '../../contract/step.ts';
import { ATTRIBUTE_BYTES, variableFile } from './firmware.ts';

/** Non-volatile, for boot services, at run time (UEFI specification: "GetVariable"). */
const ATTRIBUTES = 7;

/**
 * Has UEFI firmware start from the medium once more, whatever comes first in its order. The disk itself starts nothing
 * yet, so firmware that does not listen, and BIOS, come to the medium all the same, unless it was taken out.
 */
export async function arrangeRestart(sys: string, into: Environment, warn: (message: string) => void): Promise<void> {
  if (into !== 'winpe') return;
  const current = await readFile(variableFile(sys, 'BootCurrent')).catch(() => undefined);
  if (current === undefined) return;
  await writeFile(variableFile(sys, 'BootNext'), bootNext(current)).catch((error: unknown) => {
    warn(`the firmware does not take what to start next: ${error}`);
  });
}

/** Pure: the content of BootNext in efivarfs, from that of BootCurrent: attributes, then the number of the entry. */
function bootNext(bootCurrent: Uint8Array): Buffer {
  const content = Buffer.from(bootCurrent);
  content.writeUInt32LE(ATTRIBUTES, 0);
  return content.subarray(0, ATTRIBUTE_BYTES + 2);
}
