import type { Notes, StepMapper } from '../mapping.ts';

/** What MDT's capturing scripts decide for themselves. */
export const ONLY_IN_WINDOWS = 'it runs in the running Windows only: a new computer has nothing to capture';

/**
 * Before the image MDT captures from the Windows that is not running, in every other phase from the running one. The
 * store is asked for first: that sets the variable by which Restore User State knows that there is one.
 */
export const captureUserState: StepMapper = ({ runIn }, { supply, changed }, { phase }) => {
  const offline = phase === 'PREINSTALL' || /^winpe$/i.test(runIn);
  changed(`Request State Store is put before it; ${STORE}`);
  changed(offline ? 'it captures from the Windows on the disk, which is not running' : ONLY_IN_WINDOWS);
  const where = { runIn: offline ? 'winpe' : 'full-os' };
  return [
    { step: 'request-state-store', name: 'Request State Store', requestType: 'capture', ...where },
    { step: 'capture-user-state', ...where, package: usmt(supply), ...(offline && { offline }) },
  ];
};

export const restoreUserState: StepMapper = (_step, { supply, changed }) => {
  changed(STORE);
  changed('it runs only where there is a store: captured before, or named by OSDStateStorePath');
  return {
    step: 'restore-user-state',
    condition: { variable: 'OSDStateStorePath', operator: 'exists' },
    package: usmt(supply),
  };
};

const STORE = 'the store is the folder of OSDStateStorePath, by default one on the local disk';

function usmt(supply: Notes['supply']): string {
  return supply('package', 'USMT', 'usmt');
}
