import { z } from 'zod';
import { ContentName } from '../../contract/option-fields.ts';
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
    repeatable: true,
  },
  {
    package: ContentName.describe('The name of a package in media.yaml'),
    recurse: z.boolean().default(true).describe('false: only drivers in the root of the package, not in its folders'),
    forceUnsigned: z
      .boolean()
      .default(false)
      .describe('true: also drivers without a signature')
      .meta({ variable: 'OSDAllowUnsignedDriver' }),
    additionalOptions: z
      .string()
      .min(1)
      .optional()
      .describe('WinPE: further options of DISM /Add-Driver, as its command line takes them')
      .meta({ variable: 'OSDInstallDriversAdditionalOptions' }),
  },
  { needs: (options) => ({ packages: [options.package] }) },
);
