import { z } from 'zod';
import { DiskRules } from '../../contract/disk-rules.ts';
import { Size } from '../../contract/size.ts';
import { defineStep } from '../../contract/step.ts';

export const checkReadiness = defineStep(
  'check-readiness',
  {
    title: 'Check Readiness',
    summary: 'Refuses a machine that cannot be deployed, before anything on it is changed.',
    runsOn: ['winpe', 'linux'],
    destructive: false,
    reboots: false,
  },
  {
    memory: Size.optional().describe('Memory the machine must have at least'),
    processorSpeed: z.int().positive().optional().describe('Processor speed it must have at least, in MHz'),
    firmware: z.enum(['uefi', 'bios']).optional().describe('How it must have been started'),
    power: z.literal('ac').optional().describe('ac: it must not run on its battery'),
    disk: DiskRules.optional().describe('At least one disk must satisfy these rules'),
  },
);
