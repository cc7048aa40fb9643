import { z } from 'zod';
import { defineStep } from '../../contract/step.ts';

export const applyDriverPackage = defineStep(
  'apply-driver-package',
  {
    title: 'Apply Driver Package',
    summary: 'Puts a driver package onto the Windows volume and has Windows install it at its first start.',
    runsOn: ['linux'],
    destructive: false,
    reboots: false,
  },
  { package: z.string().min(1).describe('The name of a package in media.yaml') },
  (options) => ({ packages: [options.package] }),
);
