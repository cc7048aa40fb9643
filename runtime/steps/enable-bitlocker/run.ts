import { MediasmithError } from '../../contract/errors.ts';
import type { StepOptions } from '../../sequence/schema.ts';
import {
  addProtectorArgv,
  backUpToDirectoryArgv,
  enableProtectorsArgv,
  encryptArgv,
  listRecoveryPasswordsArgv,
  type Protector,
  removableDrivesArgv,
} from '../bitlocker/command-lines.ts';
import { PROTECTOR_EXISTS } from '../bitlocker/error-codes.ts';
import {
  hasTpm,
  isProtected,
  manageBde,
  readEncryption,
  runManageBde,
  waitForEncryption,
} from '../bitlocker/manage-bde.ts';
import { protectorIds } from '../bitlocker/status.ts';
import type { Run, StepContext } from '../context.ts';
import { driveOf, windowsDrive } from '../drive-letter.ts';
import { hideSecret } from '../hide-secret.ts';

type Options = StepOptions<'enable-bitlocker'>;

/**
 * First the protectors, then the recovery password, then its copy in the directory, and only then the encryption: a drive
 * whose key is kept nowhere is never made. A drive that was encrypted before Windows was applied only has its clear key
 * taken away.
 */
export const runEnableBitlocker: Run<Options> = async (options, context) => {
  for (const secret of [options.pin, options.recoveryPassword]) hideSecret(context.variables, secret);
  if ((options.mode !== 'key' || options.skipWithoutTpm) && !hasTpm(options.skipWithoutTpm, context)) return;
  const drive = options.drive === undefined ? windowsDrive(context) : driveOf(options.drive);
  const encrypted = ((await readEncryption(drive, context)) ?? 0) > 0;
  if (encrypted && (await isProtected(drive, context))) {
    context.log('warning', `${drive} is protected already: its protectors stay as they are`);
  } else await protect(drive, encrypted, options, context);
  if (options.waitForEncryption) await waitForEncryption(drive, context);
};

async function protect(drive: string, encrypted: boolean, options: Options, context: StepContext): Promise<void> {
  const program = manageBde(context);
  const run = (argv: Parameters<typeof runManageBde>[0], failure: string, accept?: readonly number[]) =>
    runManageBde(argv, `${drive}: ${failure}`, context, accept);
  const protector = await protectorOf(options, context);
  await run(addProtectorArgv(program, drive, protector), 'the protector could not be added', [PROTECTOR_EXISTS]);
  if (options.recoveryKey !== 'none' || options.recoveryPassword !== undefined) {
    const recovery = { kind: 'recovery-password', password: options.recoveryPassword } as const;
    await run(addProtectorArgv(program, drive, recovery), 'the recovery password could not be added');
  }
  if (options.recoveryKey === 'active-directory') await backUp(drive, context);
  if (encrypted) await run(enableProtectorsArgv(program, drive), 'the protection could not be turned on');
  else {
    const wish = { method: options.encryptionMethod, fullDisk: options.encryptFullDisk, skipHardwareTest: true };
    await run(encryptArgv(program, drive, wish), 'the encryption could not be started');
  }
  context.log('info', `${drive} is protected: ${options.mode}`);
}

async function protectorOf(options: Options, context: StepContext): Promise<Protector> {
  const { mode, pin } = options;
  if (mode === 'tpm') return { kind: mode };
  if (mode !== 'tpm-and-pin') return { kind: mode, keyDrive: await startupKeyDrive(options, context) };
  if (pin !== undefined && pin.length >= 4 && pin.length <= 20) return { kind: mode, pin };
  throw new MediasmithError(
    'STEP_FAILED',
    pin === undefined ? 'there is no PIN' : 'the PIN has not 4 to 20 characters',
    {
      hint: 'Give it in pin, or in the variable OSDBitLockerPIN.',
    },
  );
}

/** The first removable drive that is not the medium's, unless the sequence names one. */
async function startupKeyDrive(options: Options, context: StepContext): Promise<string> {
  if (options.startupKeyDrive !== undefined) return driveOf(options.startupKeyDrive);
  const { exec, machine, medium, signal } = context;
  const folder = machine.operatingSystem?.windowsFolder ?? 'C:\\Windows';
  const powershell = `${folder}\\System32\\WindowsPowerShell\\v1.0\\powershell.exe`;
  const { stdout } = await exec(removableDrivesArgv(powershell), { signal });
  const drives = stdout
    .split(/\s+/)
    .filter((word) => /^[A-Z]:$/i.test(word))
    .map(driveOf);
  const found = drives.find((drive) => drive !== driveOf(medium.root));
  if (found !== undefined) return found;
  throw new MediasmithError('STEP_FAILED', 'there is no USB drive for the startup key', {
    hint: 'Connect one beside the medium, or name its drive in startupKeyDrive.',
  });
}

async function backUp(drive: string, context: StepContext): Promise<void> {
  const program = manageBde(context);
  const list = listRecoveryPasswordsArgv(program, drive);
  const { stdout } = await runManageBde(list, `the protectors of ${drive} cannot be read`, context);
  for (const id of protectorIds(stdout)) {
    const argv = backUpToDirectoryArgv(program, drive, id);
    await runManageBde(argv, `the recovery password of ${drive} does not reach Active Directory`, context);
    context.log('info', `Active Directory has the recovery password ${id}`);
  }
}
