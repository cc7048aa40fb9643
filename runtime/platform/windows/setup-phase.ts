import type { SystemFacts } from '../../contract/facts.ts';

const SETUP_KEY = 'HKEY_LOCAL_MACHINE\\SYSTEM\\Setup';
const POLL_SECONDS = 15;
/** Half an hour: the end of Setup takes minutes; a person it waits for may not come. */
const MOST_POLLS = 120;

export type SetupWait = {
  facts: Pick<SystemFacts, 'registryValue'>;
  wait: (seconds: number, signal: AbortSignal) => Promise<void>;
  signal: AbortSignal;
  log: (level: 'info' | 'warning', message: string) => void;
};

/**
 * Waits while Windows Setup is still at work in the Windows that has started: a restart in its middle can leave a Windows
 * that does not start any more (Microsoft: "Add a custom script to Windows Setup").
 */
export async function waitForSetup({ facts, wait, signal, log }: SetupWait): Promise<void> {
  for (let poll = 0; await isSetupRunning(facts); poll++) {
    if (poll === 0) log('info', 'waiting for the end of Windows Setup');
    if (poll === MOST_POLLS) return log('warning', 'Windows Setup does not end: the sequence goes on beside it');
    await wait(POLL_SECONDS, signal);
  }
}

/** Where that cannot be asked, it counts as over. */
export async function isSetupRunning(facts: SetupWait['facts']): Promise<boolean> {
  const value = await facts.registryValue(SETUP_KEY, 'SystemSetupInProgress').catch(() => undefined);
  return value?.type === 'REG_DWORD' && Number(value.data) === 1;
}
