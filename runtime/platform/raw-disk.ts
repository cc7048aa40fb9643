import { open } from 'node:fs/promises';

/** Reads from a disk; less than `length` at its end. */
export async function readAt(device: string, offset: number, length: number): Promise<Buffer> {
  const file = await open(device, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, offset);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** Writes and waits until the device has it. */
export async function writeAt(device: string, data: Uint8Array, offset: number): Promise<void> {
  const file = await open(device, 'r+');
  try {
    await file.write(data, 0, data.length, offset);
    await file.sync();
  } finally {
    await file.close();
  }
}
