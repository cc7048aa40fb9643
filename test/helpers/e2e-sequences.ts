/** A task sequence as a person writes it: what has a default may be left out. */
export type WrittenSequence = {
  formatVersion: 2;
  id: string;
  steps: readonly { step: string; [option: string]: unknown }[];
  [field: string]: unknown;
};

/** The names the sequences and the project of a test medium share. */
export const IMAGE = 'windows';
export const DRIVER_PACKAGE = 'stand-in-driver';

export const COMPUTER_NAME = 'E2E-01';

/** Everything a deployment has, onto the one disk that qualifies. A machine that nobody watches ends in any case. */
export const DEPLOY = deploySequence({});

/** {@link DEPLOY} onto a disk that satisfies further rules, or with a layout of its own. */
export function deploySequence(partitioning: { disk?: object; volumes?: readonly object[] }): WrittenSequence {
  return {
    formatVersion: 2,
    id: 'deploy',
    name: 'Deploy the small image',
    onSuccess: 'restart',
    onFailure: 'shutdown',
    steps: [
      { step: 'check-readiness', memory: '512 MB', disk: { minimumSize: '2 GB' } },
      { step: 'set-variable', variable: 'OSDComputerName', value: COMPUTER_NAME },
      { step: 'format-and-partition-disk', ...partitioning },
      { step: 'apply-operating-system', image: IMAGE },
      { step: 'apply-driver-package', package: DRIVER_PACKAGE },
      {
        step: 'apply-windows-settings',
        computerName: '%OSDComputerName%',
        organization: 'Test & Sons',
        timeZone: 'UTC',
        inputLocale: 'de-DE',
      },
      { step: 'restart-computer' },
    ],
  };
}
