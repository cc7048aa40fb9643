import { copyFile, mkdir } from 'node:fs/promises';
import { join, win32 } from 'node:path';
import { isMediasmithError } from '../../contract/errors.ts';
import { exists } from '../../host/exists.ts';
import { findBootFile, systemVolume } from '../boot-files.ts';
import { casePath } from '../case-path.ts';
import { clearClaim, holdsClaim } from '../claim.ts';
import type { DiskStart, TargetDisk, TargetVolume, Task } from '../platform.ts';
import { readAt } from '../raw-disk.ts';
import { bcdbootArgv, bootsectArgv, firmwareOrderArgv, setRecoveryImageArgv, systemProgram } from './command-lines.ts';
import { activeScript, diskNumber } from './diskpart.ts';
import { tryTo, type WinpeHost } from './host.ts';
import { runDiskpart } from './run-diskpart.ts';
import { runTool } from './run-tool.ts';
import { letterOf } from './volumes.ts';

/** What bcdboot takes its files from: without it the image starts on no machine of this kind. */
const LOADERS = { gpt: 'Windows/Boot/EFI/bootmgfw.efi', mbr: 'Windows/Boot/PCAT/bootmgr' } as const;
const RECOVERY_IMAGE = 'Windows/System32/Recovery/Winre.wim';
const RECOVERY_FOLDER = ['Recovery', 'WindowsRE'] as const;
/** Below the folder of the Windows that runs: where reagentc says what it did, while its output is one sentence. */
const RECOVERY_LOG = ['Logs', 'ReAgent', 'ReAgent.log'] as const;
const BOOT_FILES_2023 = 'Windows/Boot/EFI_EX';
/** The variable of allowed signers and its namespace (UEFI specification, "Secure Boot Signature Databases"). */
const SIGNERS = { name: 'db', guid: '{d719b2cb-3d3a-4596-a3bc-dad00e67656f}' } as const;
const CERTIFICATE_2023 = 'Windows UEFI CA 2023';
const CLAIM_AREA_BYTES = 1024 ** 2;

/** Checks that the image can be started at all and sets up its recovery; bcdboot comes with {@link activateBoot}. */
export async function prepareBoot(host: WinpeHost, { target, windows }: DiskStart): Promise<void> {
  systemVolume(target);
  await findBootFile(host.drive(letterOf(windows)), LOADERS[target.style]);
  await tryTo(host, () => setUpRecovery(host, target, windows));
}

async function setUpRecovery(host: WinpeHost, { volumes }: TargetDisk, windows: TargetVolume): Promise<void> {
  // One without a letter was there before: Windows' own setup takes it, and it may be too small for this image.
  const recovery = volumes.find(
    ({ role, fileSystem, device }) => role === 'recovery' && fileSystem !== 'none' && device !== '',
  );
  const image = await casePath(host.drive(letterOf(windows)), RECOVERY_IMAGE);
  if (recovery === undefined || !image.exists) return;
  const folder = join(host.drive(letterOf(recovery)), ...RECOVERY_FOLDER);
  await mkdir(folder, { recursive: true });
  await copyFile(image.path, join(folder, 'Winre.wim'));
  const argv = setRecoveryImageArgv(windows.device, win32.join(recovery.device, ...RECOVERY_FOLDER));
  const logFile = win32.join(host.systemRoot, ...RECOVERY_LOG);
  await runTool(host.exec, {
    ...{ tool: 'reagentc', argv, logFile },
    failure: 'the recovery environment could not be set up',
  });
}

/** Puts the boot files in place. On UEFI this is what makes the disk start; on BIOS it is the active partition, last. */
export async function activateBoot(host: WinpeHost, start: DiskStart, { signal }: Task): Promise<void> {
  const { target, windows, locale } = start;
  const { exec, systemRoot } = host;
  const system = systemVolume(target);
  const firmware = target.style === 'gpt' ? 'UEFI' : 'BIOS';
  const signedBy2023 = firmware === 'UEFI' && (await takes2023(host, windows));
  const wish = { windows: windows.device, systemLetter: letterOf(system), firmware, locale, signedBy2023 } as const;
  await runTool(exec, {
    tool: 'bcdboot',
    argv: bcdbootArgv(systemRoot, wish),
    failure: 'the boot files could not be written',
    signal,
  });
  if (target.style === 'gpt') await putFirst(host, signal);
  else await activatePartition(host, target, system, signal);
  await release(target.device);
}

/**
 * Whether to take the boot files signed by the certificate of 2023: when the image has them, this bcdboot can, and the
 * firmware trusts that certificate. A firmware that does not would refuse to start them.
 */
async function takes2023(host: WinpeHost, windows: TargetVolume): Promise<boolean> {
  const { exists: has } = await casePath(host.drive(letterOf(windows)), BOOT_FILES_2023);
  if (!has) return false;
  const signers = host.win32.firmwareVariable(SIGNERS.name, SIGNERS.guid);
  if (signers === undefined || !signers.includes(CERTIFICATE_2023, 0, 'latin1')) return false;
  return /\/bootex/i.test(await bcdbootHelp(host));
}

async function bcdbootHelp({ exec, systemRoot }: WinpeHost): Promise<string> {
  try {
    return (await exec([systemProgram(systemRoot, 'bcdboot'), '/?'])).stdout;
  } catch (error) {
    // The help may come with any exit code.
    return isMediasmithError(error) ? error.lines.join('\n') : '';
  }
}

/** A machine finds the disk by its fallback path as well; this keeps another entry from coming first. */
async function putFirst({ exec, systemRoot, ...host }: WinpeHost, signal: AbortSignal | undefined): Promise<void> {
  const failure = 'the boot order of the firmware could not be set';
  const argv = firmwareOrderArgv(systemRoot);
  await tryTo(host, () => runTool(exec, { tool: 'bcdedit', argv, failure, signal }));
}

async function activatePartition(
  host: WinpeHost,
  target: TargetDisk,
  system: TargetVolume,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { exec, systemRoot } = host;
  if (await exists(systemProgram(systemRoot, 'bootsect'))) {
    const argv = bootsectArgv(systemRoot, letterOf(system));
    await runTool(exec, { tool: 'bootsect', argv, failure: 'the boot code could not be written', signal });
  }
  const script = activeScript(diskNumber(target), system.number);
  await runDiskpart(host, script, `${system.device} could not be made active`, signal);
}

/** Takes the claim away where there is one: with it a finished Windows would count as nothing. */
async function release(device: string): Promise<void> {
  const start = await readAt(device, 0, CLAIM_AREA_BYTES).catch(() => undefined);
  if (start !== undefined && holdsClaim(start)) await clearClaim(device);
}
