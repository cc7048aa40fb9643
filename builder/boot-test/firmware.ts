import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MediasmithError } from '../../runtime/contract/errors.ts';
import { exists } from '../../runtime/host/exists.ts';

export type Firmware = 'uefi' | 'secureboot' | 'bios';

/** A machine's firmware: SeaBIOS, which QEMU brings along, or OVMF's code with the machine's own variables. */
export type MachineFirmware = { kind: 'bios' } | { kind: 'uefi' | 'secureboot'; code: string; variables: string };

const OVMF_FOLDER = '/usr/share/OVMF';

// Debian 12 and 13. The .ms variables have Microsoft's keys enrolled; `ms` code is the name for Secure Boot's build.
const OVMF_FILES = {
  uefi: { code: ['OVMF_CODE_4M.fd'], variables: ['OVMF_VARS_4M.fd'] },
  secureboot: { code: ['OVMF_CODE_4M.ms.fd', 'OVMF_CODE_4M.secboot.fd'], variables: ['OVMF_VARS_4M.ms.fd'] },
} as const;

/**
 * Makes a machine's firmware ready. The variables are copied to `variables`, because a machine writes to them: from
 * `earlierVariables` where the machine has run before, or as OVMF delivers them. Throws `TOOL_MISSING` without OVMF.
 */
export async function prepareFirmware(
  kind: Firmware,
  variables: string,
  { earlierVariables, ovmf = OVMF_FOLDER }: { earlierVariables?: string | undefined; ovmf?: string } = {},
): Promise<MachineFirmware> {
  if (kind === 'bios') return { kind };
  const delivered = await locateFirmware(kind, ovmf);
  const source = earlierVariables ?? delivered.variables;
  if (source !== variables) await copyFile(source, variables);
  return { kind, code: delivered.code, variables };
}

/** OVMF's files as the system's package delivers them. Throws `TOOL_MISSING` without them. */
export async function locateFirmware(
  kind: 'uefi' | 'secureboot',
  ovmf = OVMF_FOLDER,
): Promise<{ code: string; variables: string }> {
  const { code, variables } = OVMF_FILES[kind];
  return { code: await firstPresent(ovmf, code), variables: await firstPresent(ovmf, variables) };
}

async function firstPresent(folder: string, names: readonly string[]): Promise<string> {
  for (const name of names) {
    const path = join(folder, name);
    if (await exists(path)) return path;
  }
  throw new MediasmithError('TOOL_MISSING', `no UEFI firmware for virtual machines: ${names.join(' or ')}`, {
    where: folder,
    hint: 'Install it: apt install ovmf',
  });
}
