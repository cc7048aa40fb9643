import { DiskRules } from '../../contract/disk-rules.ts';
import { defineStep } from '../../contract/step.ts';

export const convertDiskToDynamic = defineStep(
  'convert-disk-to-dynamic',
  {
    title: 'Convert Disk to Dynamic',
    summary: 'Makes a dynamic disk of the one basic disk that the rules choose; its volumes stay.',
    runsOn: ['winpe', 'windows'],
    destructive: false,
    reboots: false,
    repeatable: false,
  },
  { disk: DiskRules.default({}).describe('Which disk is converted; by default the only internal one') },
);
