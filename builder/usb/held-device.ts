import { constants } from 'node:fs';
import { access, type FileHandle, open } from 'node:fs/promises';
import { MediasmithError } from '../../runtime/contract/errors.ts';
import type { Exec } from '../../runtime/host/exec.ts';
import { blockDeviceSize } from '../block-device.ts';
import { listDevices } from './devices.ts';
import { describeDevice, type UsbDevice } from './usb-device.ts';

/**
 * A disk that is open for reading and writing and nobody else's: while it is held, nothing of it can be mounted or
 * claimed. Programs that only open its path still can write it, ours among them.
 */
export type HeldDevice = AsyncDisposable &
  Pick<UsbDevice, 'device' | 'model' | 'serial' | 'bytes'> & { handle: FileHandle };

export type HeldDevices = AsyncDisposable & { held: readonly HeldDevice[] };

export type HoldContext = { exec: Exec; signal: AbortSignal };

/**
 * Holds a disk for writing, after a second look: it must still be the disk that was chosen, with its serial and size, and
 * still be one that may be written. `DEVICE_REFUSED`, `DEVICE_NOT_FOUND`, `DEVICE_FAILED`; then it is not held.
 */
export async function holdDevice(device: UsbDevice, { exec, signal }: HoldContext): Promise<HeldDevice> {
  // O_EXCL on a block device without O_CREAT: EBUSY while anybody has it mounted or claimed (open(2)).
  const handle = await open(device.device, constants.O_RDWR | constants.O_EXCL).catch((cause) => {
    throw cannotOpen(device, cause);
  });
  try {
    const bytes = await sizeOf(handle);
    const devices = await listDevices(exec, signal);
    signal.throwIfAborted();
    refuseChanged(device, bytes, devices);
  } catch (error) {
    await handle.close();
    throw error;
  }
  const { model, serial, bytes } = device;
  return { device: device.device, model, serial, bytes, handle, [Symbol.asyncDispose]: () => handle.close() };
}

/** Holds several disks: all of them, or none. */
export async function holdDevices(devices: readonly UsbDevice[], context: HoldContext): Promise<HeldDevices> {
  await using stack = new AsyncDisposableStack();
  const held: HeldDevice[] = [];
  for (const device of devices) held.push(stack.use(await holdDevice(device, context)));
  const all = stack.move();
  return { held, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

/** Says before anybody is asked that a disk cannot be opened for writing by this user. */
export async function refuseWithoutRights(devices: readonly UsbDevice[]): Promise<void> {
  for (const device of devices) {
    await access(device.device, constants.R_OK | constants.W_OK).catch((cause) => {
      throw cannotOpen(device, cause);
    });
  }
}

/** By the number of the open device: what has its path by now may be another one. */
async function sizeOf(handle: FileHandle): Promise<number | undefined> {
  const stats = await handle.stat();
  return stats.isBlockDevice() ? blockDeviceSize(stats.rdev).catch(() => undefined) : undefined;
}

function refuseChanged(device: UsbDevice, bytes: number | undefined, devices: readonly UsbDevice[]): void {
  const found = devices.find((candidate) => candidate.device === device.device);
  if (found === undefined) throw takenOut(device);
  const same = found.serial === device.serial && found.model === device.model && found.bytes === device.bytes;
  if (same && found.bytes === bytes && found.refused === null) return;
  const reason = same && found.bytes === bytes ? found.refused : 'it is not the disk any more that was chosen';
  throw new MediasmithError('DEVICE_REFUSED', `${device.device} is refused: ${reason}`, {
    where: device.device,
    lines: [`chosen: ${describeDevice(device)}`, `there:  ${describeDevice({ ...found, bytes: bytes ?? 0 })}`],
    hint: 'Nothing was written. Look at "mediasmith usb list", and start again.',
  });
}

function cannotOpen(device: UsbDevice, cause: NodeJS.ErrnoException): MediasmithError {
  const { device: where } = device;
  switch (cause.code) {
    case 'ENOENT':
    case 'ENXIO':
    case 'ENODEV':
    case 'ENOMEDIUM':
      return takenOut(device, cause);
    case 'EBUSY':
      return new MediasmithError('DEVICE_REFUSED', `${where} is in use: it, or a part of it, is mounted or claimed`, {
        where,
        hint: 'Nothing was written. Unmount it, close the programs that use it, and start again.',
        cause,
      });
    case 'EACCES':
    case 'EPERM':
      return new MediasmithError('DEVICE_REFUSED', `${where} may not be written by this user`, {
        where,
        hint: 'Nothing was written. Run the command as root, with sudo.',
        cause,
      });
    case 'EROFS':
      return new MediasmithError('DEVICE_REFUSED', `${where} is read-only`, {
        where,
        hint: 'Nothing was written. Look for the switch of the stick or card.',
        cause,
      });
    default:
      return new MediasmithError('DEVICE_FAILED', `${where} cannot be opened for writing`, {
        where,
        hint: 'Nothing was written. Try another port, then another stick.',
        cause,
      });
  }
}

function takenOut(device: UsbDevice, cause?: unknown): MediasmithError {
  return new MediasmithError('DEVICE_NOT_FOUND', `${device.device} was taken out`, {
    where: device.device,
    lines: [describeDevice(device)],
    hint: 'Nothing was written. Put it in again, and start again.',
    ...(cause !== undefined && { cause }),
  });
}
