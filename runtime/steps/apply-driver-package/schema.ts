import { z } from 'zod';
import { defineStep } from '../../contract/step.ts';

export const applyDriverPackage = defineStep(
  'apply-driver-package',
  {
    title: 'Apply Driver Package',
    summary:
      'Puts a driver package onto the Windows volume. WinPE adds it to that Windows by DISM; from the Linux boot environment Windows installs it at its first start.',
    runsOn: ['winpe', 'linux'],
    destructive: false,
    reboots: false,
  },
  { package: z.string().min(1).describe('The name of a package in media.yaml') },
  (options) => ({ packages: [options.package] }),
);
