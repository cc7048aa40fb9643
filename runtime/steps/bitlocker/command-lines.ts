import type { Argv } from '../../host/exec.ts';

/** The names of the schema as manage-bde writes them. */
const METHODS = { Aes128: 'aes128', Aes256: 'aes256', XtsAes128: 'xts_aes128', XtsAes256: 'xts_aes256' } as const;
export type EncryptionMethod = keyof typeof METHODS;

/** How a drive opens when the machine starts. Each protector of manage-bde, by what it needs. */
export type Protector =
  | { kind: 'tpm' }
  | { kind: 'tpm-and-pin'; pin: string }
  | { kind: 'key'; keyDrive: string }
  | { kind: 'tpm-and-key'; keyDrive: string }
  | { kind: 'recovery-password'; password?: string | undefined };

export type EncryptionWish = {
  method?: EncryptionMethod | undefined;
  fullDisk: boolean;
  /** Without it Windows tests at the next start whether the machine can open the drive, and only then encrypts. */
  skipHardwareTest: boolean;
};

/** Command lines of manage-bde (Microsoft: "manage-bde"). `program` is its full path, `drive` a letter with a colon. */
export function statusArgv(program: string, drive: string): Argv {
  return [program, '-status', drive];
}

/** Ends with 0 where the drive is protected and 1 where it is not, in every language. */
export function protectionArgv(program: string, drive: string): Argv {
  return [program, '-status', drive, '-ProtectionAsErrorLevel'];
}

export function encryptArgv(program: string, drive: string, wish: EncryptionWish): Argv {
  return [
    program,
    '-on',
    drive,
    ...(wish.fullDisk ? [] : ['-UsedSpaceOnly']),
    ...(wish.method === undefined ? [] : ['-EncryptionMethod', METHODS[wish.method]]),
    ...(wish.skipHardwareTest ? ['-SkipHardwareTest'] : []),
  ];
}

/**
 * A PIN is an argument: manage-bde would otherwise ask at a console. Microsoft's page shows the question only; scripts in
 * the field pass the PIN so.
 */
export function addProtectorArgv(program: string, drive: string, protector: Protector): Argv {
  return [program, '-protectors', '-add', drive, ...protectorWords(protector)];
}

/** Takes the clear key away: from now on one of the protectors is needed. */
export function enableProtectorsArgv(program: string, drive: string): Argv {
  return [program, '-protectors', '-enable', drive];
}

/** `restarts` counts for the drive of Windows alone; 0 is until somebody enables it again. */
export function suspendArgv(program: string, drive: string, restarts: number | undefined): Argv {
  const count = restarts === undefined ? [] : ['-RebootCount', String(restarts)];
  return [program, '-protectors', '-disable', drive, ...count];
}

/** Its output holds the recovery passwords themselves. */
export function listRecoveryPasswordsArgv(program: string, drive: string): Argv {
  return [program, '-protectors', '-get', drive, '-Type', 'RecoveryPassword'];
}

export function backUpToDirectoryArgv(program: string, drive: string, id: string): Argv {
  return [program, '-protectors', '-adbackup', drive, '-id', id];
}

/** Prints the letters of removable drives, one a line. */
export function removableDrivesArgv(powershell: string): Argv {
  const command = "(Get-CimInstance Win32_LogicalDisk -Filter 'DriveType=2').DeviceID";
  return [powershell, '-NoProfile', '-NonInteractive', '-Command', command];
}

function protectorWords(protector: Protector): string[] {
  switch (protector.kind) {
    case 'tpm':
      return ['-tpm'];
    case 'tpm-and-pin':
      return ['-TPMAndPIN', protector.pin];
    case 'key':
      return ['-StartupKey', `${protector.keyDrive}\\`];
    case 'tpm-and-key':
      return ['-TPMAndStartupKey', `${protector.keyDrive}\\`];
    case 'recovery-password':
      return ['-RecoveryPassword', ...(protector.password === undefined ? [] : [protector.password])];
  }
}
