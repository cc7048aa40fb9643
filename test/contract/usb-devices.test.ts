import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { hashFile } from '../../builder/hash.ts';
import { listDevices } from '../../builder/usb/devices.ts';
import { holdDevice, holdDevices } from '../../builder/usb/held-device.ts';
import type { UsbDevice } from '../../builder/usb/usb-device.ts';
import { exec } from '../../runtime/host/exec.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { entry, stick } from '../unit/builder/usb/listings.ts';
import {
  asStick,
  LOOP_BYTES,
  type LoopStick,
  loopStick,
  resize,
  run,
  SERIAL,
  scriptedLsblk,
} from './usb-devices-loop.ts';

const { signal } = new AbortController();

it('reads the disks of this machine with the real lsblk', async () => {
  const devices = await listDevices(exec, signal);
  for (const { device, refused } of devices.filter(({ mounted }) => mounted)) {
    expect(refused, device).not.toBeNull();
  }
  expect(devices.filter(({ device }) => /loop|zram|sr\d/.test(device))).toEqual([]);
});

// Loop devices need root.
describe.skipIf(process.getuid?.() !== 0)('holdDevice', () => {
  async function chosen(): Promise<{
    loop: LoopStick;
    device: UsbDevice;
    lsblk: Awaited<ReturnType<typeof scriptedLsblk>>;
  }> {
    const loop = await loopStick();
    const lsblk = await scriptedLsblk(asStick(loop));
    const [device] = await listDevices(lsblk.exec, signal);
    if (device === undefined) throw new Error('the scripted lsblk lists nothing');
    expect(device.refused).toBeNull();
    return { loop, device, lsblk };
  }

  it('gives a handle that reads and writes, and keeps others away until it is let go', async () => {
    const { device, lsblk } = await chosen();
    const context = { exec: lsblk.exec, signal };
    await format(device.device);
    {
      await using held = await holdDevice(device, context);
      expect(held).toMatchObject({ device: device.device, bytes: LOOP_BYTES, serial: SERIAL });
      await held.handle.write(Buffer.from('written'), 0, 7, 4096);
      // The writer may open the path as well; who wants it alone may not.
      await using other = await open(held.device, 'r');
      const { buffer } = await other.read(Buffer.alloc(7), 0, 7, 4096);
      expect(buffer.toString()).toBe('written');
      await expect(holdDevice(device, context)).rejects.toMatchObject({ code: 'DEVICE_REFUSED' });
      await expect(mount(device.device)).rejects.toThrow(/busy|already mounted/);
    }
    await using again = await holdDevice(device, context);
    expect(again.bytes).toBe(LOOP_BYTES);
  });

  it('refuses a device that is mounted, whatever lsblk says', async () => {
    const { loop, device, lsblk } = await chosen();
    await format(loop.device);
    await mount(loop.device);
    const before = await hashFile(loop.image);
    await expect(holdDevice(device, { exec: lsblk.exec, signal })).rejects.toMatchObject({
      code: 'DEVICE_REFUSED',
      message: `${loop.device} is in use: it, or a part of it, is mounted or claimed`,
    });
    expect(await hashFile(loop.image)).toBe(before);
  });

  it.each([LOOP_BYTES / 2, LOOP_BYTES * 2])('refuses a device whose size has become %i', async (bytes) => {
    const { loop, device, lsblk } = await chosen();
    await resize(loop, bytes);
    const changed = { code: 'DEVICE_REFUSED', message: expect.stringContaining('not the disk any more') };
    // lsblk still tells of the old size: the opened device's own counts.
    await expect(holdDevice(device, { exec: lsblk.exec, signal })).rejects.toMatchObject(changed);
    await lsblk.print(asStick(loop, { size: bytes }));
    await expect(holdDevice(device, { exec: lsblk.exec, signal })).rejects.toMatchObject(changed);
  });

  it.each([
    ['has another serial', { serial: 'OTHER' }, 'not the disk any more'],
    ['has lost its serial', { serial: null }, 'not the disk any more'],
    ['is another model', { model: 'Cruzer' }, 'not the disk any more'],
    ['has become read-only', { ro: true }, 'read-only'],
    ['has been mounted for a moment', { mountpoints: ['/media/a'] }, 'mounted at /media/a'],
    ['is a fixed disk after all', { rm: false }, 'fixed disk'],
  ])('refuses a device that %s', async (_, fields, reason) => {
    const { loop, device, lsblk } = await chosen();
    await lsblk.print(asStick(loop, fields));
    await expect(holdDevice(device, { exec: lsblk.exec, signal })).rejects.toMatchObject({
      code: 'DEVICE_REFUSED',
      message: expect.stringContaining(reason),
    });
    await lsblk.print(asStick(loop));
    await using held = await holdDevice(device, { exec: lsblk.exec, signal });
    expect(held.bytes).toBe(LOOP_BYTES);
  });

  it('refuses both when a second disk with the serial was plugged in', async () => {
    const { loop, device, lsblk } = await chosen();
    await lsblk.print(asStick(loop), stick('sdy', { serial: SERIAL }));
    await expect(holdDevice(device, { exec: lsblk.exec, signal })).rejects.toMatchObject({
      message: expect.stringContaining('its serial is also that of /dev/sdy'),
    });
  });

  it('says that a device was taken out: its path is gone, or lsblk does not know it any more', async () => {
    const { device, lsblk } = await chosen();
    await expect(
      holdDevice({ ...device, device: `${device.device}-gone` }, { exec: lsblk.exec, signal }),
    ).rejects.toMatchObject({
      code: 'DEVICE_NOT_FOUND',
    });
    await lsblk.print(entry('vda'));
    await expect(holdDevice(device, { exec: lsblk.exec, signal })).rejects.toMatchObject({ code: 'DEVICE_NOT_FOUND' });
  });

  it('refuses a device that has nothing in it any more, though its path is there', async () => {
    const { loop, device, lsblk } = await chosen();
    await loop.detach();
    await expect(holdDevice(device, { exec: lsblk.exec, signal })).rejects.toMatchObject({
      code: expect.stringMatching(/^DEVICE_(REFUSED|NOT_FOUND)$/),
    });
  });

  it('refuses an ordinary file in the place of a device', async () => {
    const { loop, device, lsblk } = await chosen();
    await lsblk.print(asStick({ ...loop, device: loop.image }));
    await expect(holdDevice({ ...device, device: loop.image }, { exec: lsblk.exec, signal })).rejects.toMatchObject({
      code: 'DEVICE_REFUSED',
    });
  });

  it('holds none of several when one is refused', async () => {
    const one = await chosen();
    const two = await loopStick();
    const both = [asStick(one.loop), stick('sdy', { path: two.device, size: LOOP_BYTES, serial: 'TWO' })];
    await one.lsblk.print(...both);
    const context = { exec: one.lsblk.exec, signal };
    const devices = await listDevices(one.lsblk.exec, signal);
    {
      await using sticks = await holdDevices(devices, context);
      expect(sticks.held.map(({ device }) => device)).toEqual([one.loop.device, two.device]);
    }
    await resize(two, LOOP_BYTES / 2);
    await expect(holdDevices(devices, context)).rejects.toMatchObject({ where: two.device });
    await using held = await holdDevice(one.device, context);
    expect(held.device).toBe(one.loop.device);
  });

  it('stops when it is interrupted', async () => {
    const { device, lsblk } = await chosen();
    await expect(holdDevice(device, { exec: lsblk.exec, signal: AbortSignal.abort() })).rejects.toThrow();
    await using held = await holdDevice(device, { exec: lsblk.exec, signal });
    expect(held.bytes).toBe(LOOP_BYTES);
  });
});

async function format(device: string): Promise<void> {
  await run('mkfs.ext4', ['-q', '-F', device]);
}

async function mount(device: string): Promise<void> {
  const folder = join(await temporaryFolder(), 'mounted');
  await mkdir(folder);
  await run('mount', ['-t', 'ext4', device, folder]);
  onTestFinished(async () => void (await run('umount', [folder])));
}
