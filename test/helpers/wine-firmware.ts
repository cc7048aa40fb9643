import type { Wine } from './wine.ts';

const CONTROL = 'HKLM\\SYSTEM\\CurrentControlSet\\Control';
const REG = 'C:\\windows\\system32\\reg.exe';
/** What `wpeutil UpdateBootInfo` leaves in PEFirmwareType. */
const TYPES = { bios: '1', uefi: '2' } as const;

/**
 * With which firmware a machine starts WinPE from now on. Wine itself says nothing of its firmware. To be said when the
 * medium is there: this starts Wine, which finds no drive that comes later.
 */
export async function startsWith(firmware: keyof typeof TYPES, wine: Wine): Promise<void> {
  const words = ['/v', 'PEFirmwareType', '/t', 'REG_DWORD', '/d', TYPES[firmware], '/f'];
  const { exitCode } = await wine.run([REG, 'add', CONTROL, ...words]);
  if (exitCode !== 0) throw new Error(`reg add ended with ${exitCode}`);
}
