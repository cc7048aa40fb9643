import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { prepareFirmware } from '../../../../builder/boot-test/firmware.ts';

let ovmf: string;
let variables: string;

beforeEach(async () => {
  ovmf = await mkdtemp(join(tmpdir(), 'mediasmith-test-'));
  variables = join(ovmf, 'copy.fd');
});

afterEach(() => rm(ovmf, { recursive: true }));

describe('prepareFirmware', () => {
  it('needs no file for BIOS', async () => {
    expect(await prepareFirmware('bios', variables, { ovmf })).toEqual({ kind: 'bios' });
  });

  it('copies the variables, so that the machine cannot change those of the system', async () => {
    await deliver('OVMF_CODE_4M.fd', 'OVMF_VARS_4M.fd');
    const firmware = await prepareFirmware('uefi', variables, { ovmf });
    expect(firmware).toEqual({ kind: 'uefi', code: join(ovmf, 'OVMF_CODE_4M.fd'), variables });
    expect(await readFile(variables, 'utf8')).toBe('OVMF_VARS_4M.fd');
  });

  it('takes the code for Secure Boot under either of its names, with the enrolled keys', async () => {
    await deliver('OVMF_CODE_4M.fd', 'OVMF_VARS_4M.fd', 'OVMF_CODE_4M.secboot.fd', 'OVMF_VARS_4M.ms.fd');
    const firmware = await prepareFirmware('secureboot', variables, { ovmf });
    expect(firmware).toMatchObject({ code: join(ovmf, 'OVMF_CODE_4M.secboot.fd') });
    expect(await readFile(variables, 'utf8')).toBe('OVMF_VARS_4M.ms.fd');
  });

  it('goes on with the variables of an earlier machine, also in their place', async () => {
    await deliver('OVMF_CODE_4M.fd', 'OVMF_VARS_4M.fd', 'earlier.fd');
    const earlierVariables = join(ovmf, 'earlier.fd');
    await prepareFirmware('uefi', variables, { ovmf, earlierVariables });
    expect(await readFile(variables, 'utf8')).toBe('earlier.fd');
    await prepareFirmware('uefi', earlierVariables, { ovmf, earlierVariables });
    expect(await readFile(earlierVariables, 'utf8')).toBe('earlier.fd');
  });

  it('names the package when there is no firmware', async () => {
    await deliver('OVMF_CODE_4M.fd', 'OVMF_VARS_4M.fd');
    await expect(prepareFirmware('secureboot', variables, { ovmf })).rejects.toMatchObject({
      code: 'TOOL_MISSING',
      message: expect.stringContaining('OVMF_CODE_4M.ms.fd or OVMF_CODE_4M.secboot.fd'),
      hint: expect.stringContaining('apt install ovmf'),
    });
  });
});

async function deliver(...names: string[]): Promise<void> {
  for (const name of names) await writeFile(join(ovmf, name), name);
}
