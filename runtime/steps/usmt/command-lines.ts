import type { Argv } from '../../host/exec.ts';

/** What both tools take (Microsoft: "ScanState Syntax", "LoadState Syntax"). */
export type UsmtWish = {
  /** The full path of scanstate.exe or loadstate.exe. */
  program: string;
  store: string;
  /** Migration XML files, by full paths. */
  rules: readonly string[];
  config?: string | undefined;
  /** A file that holds the key of an encrypted store. */
  keyFile?: string | undefined;
  hardlink: boolean;
  continueOnErrors: boolean;
  verbose: boolean;
  log: string;
  progress: string;
  /** Behind all others. */
  additional: readonly string[];
};

export type Efs = 'copyraw' | 'skip' | 'decryptcopy' | 'hardlink' | 'abort';

/** The Windows that does not run: by a file that names it, or Windows.old of the one that does. */
export type OfflineWindows = { xml: string } | { old: string };

export type ScanStateWish = UsmtWish & {
  efs: Efs;
  shadowCopy: boolean;
  offline?: OfflineWindows | undefined;
};

export type LoadStateWish = UsmtWish & {
  /** Makes local accounts of the store that Windows does not have. */
  localAccounts: boolean;
  /** Of all of them; with one they are enabled. */
  localAccountPassword?: string | undefined;
};

/** ConfigMgr's algorithm since 2103. */
const ALGORITHM = 'AES_256';

/** An older store is overwritten: a step that is run again begins anew. Network drives are no state of this machine. */
export function scanStateArgv(wish: ScanStateWish): Argv {
  const { offline } = wish;
  return [
    wish.program,
    wish.store,
    '/o',
    '/localonly',
    ...(wish.keyFile === undefined ? [] : [`/encrypt:${ALGORITHM}`, `/keyfile:${wish.keyFile}`]),
    ...(wish.hardlink ? ['/hardlink', '/nocompress'] : []),
    ...(wish.shadowCopy ? ['/vsc'] : []),
    `/efs:${wish.efs}`,
    ...(offline === undefined ? [] : ['xml' in offline ? `/offline:${offline.xml}` : `/offlineWinOld:${offline.old}`]),
    ...common(wish),
  ];
}

export function loadStateArgv(wish: LoadStateWish): Argv {
  const { localAccountPassword: password } = wish;
  return [
    wish.program,
    wish.store,
    ...(wish.keyFile === undefined ? [] : [`/decrypt:${ALGORITHM}`, `/keyfile:${wish.keyFile}`]),
    ...(wish.hardlink ? ['/hardlink', '/nocompress'] : []),
    ...(wish.localAccounts ? (password === undefined ? ['/lac'] : [`/lac:${password}`, '/lae']) : []),
    ...common(wish),
  ];
}

/** Everything, for a debugger too; or errors, warnings and status. */
const VERBOSE = 13;
const USUAL = 5;

function common(wish: UsmtWish): string[] {
  return [
    ...wish.rules.map((file) => `/i:${file}`),
    ...(wish.config === undefined ? [] : [`/config:${wish.config}`]),
    ...(wish.continueOnErrors ? ['/c'] : []),
    `/v:${wish.verbose ? VERBOSE : USUAL}`,
    `/l:${wish.log}`,
    `/progress:${wish.progress}`,
    ...wish.additional,
  ];
}

/** The file for /offline (Microsoft: "Offline Migration Reference"). Several Windows would be a guess: that fails. */
export function offlineXml(windowsFolder: string): string {
  const path = windowsFolder.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<offline>',
    '  <winDir>',
    `    <path>${path}</path>`,
    '  </winDir>',
    '  <failOnMultipleWinDir>1</failOnMultipleWinDir>',
    '</offline>',
  ];
  return lines.map((line) => `${line}\r\n`).join('');
}
