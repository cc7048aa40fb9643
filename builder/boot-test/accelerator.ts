import { open, readFile } from 'node:fs/promises';

export type Accelerator = 'tcg' | 'kvm';

/**
 * `kvm` where the processor shows its virtualisation (`vmx` or `svm`) and /dev/kvm can be opened, `tcg` otherwise.
 * The device alone says too little: under some nested hypervisors it opens and then stops at UEFI firmware.
 */
export async function detectAccelerator(cpuinfo = '/proc/cpuinfo', device = '/dev/kvm'): Promise<Accelerator> {
  try {
    if (!/^flags\s*:.*\b(vmx|svm)\b/m.test(await readFile(cpuinfo, 'utf8'))) return 'tcg';
    await using _device = await open(device, 'r+');
    return 'kvm';
  } catch {
    return 'tcg';
  }
}
