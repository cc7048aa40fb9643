import { join } from 'node:path';
import type { Machine } from '../../contract/machine.ts';
import { readAttribute } from './sysfs.ts';

/**
 * The first TPM the kernel has a driver for. The kernel tells of a TPM 1.2 whether it is enabled and active; one of 2.0
 * that it reaches is (Linux: Documentation/ABI/stable/sysfs-class-tpm).
 */
export async function readTpm(sys: string): Promise<Machine['tpm']> {
  const folder = join(sys, 'class/tpm/tpm0');
  const major = await readAttribute(folder, 'tpm_version_major');
  if (major === '2') return { specVersion: '2.0', enabled: true, activated: true };
  const [enabled, active] = [
    await readAttribute(folder, 'device/enabled'),
    await readAttribute(folder, 'device/active'),
  ];
  if (major !== '1' && enabled === '') return undefined;
  return { specVersion: '1.2', enabled: enabled === '1', activated: active === '1' };
}
