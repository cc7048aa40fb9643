import { z } from 'zod';
import { DiskRules } from '../../contract/disk-rules.ts';
import { patternOrVariable } from '../../contract/option-fields.ts';
import { Size } from '../../contract/size.ts';
import { defineStep } from '../../contract/step.ts';

const OsVersion = patternOrVariable(/^\d+(\.\d+){1,3}$/, 'a version of Windows: 10.0.19045');

/** ConfigMgr's names for what each check has found. */
const RESULTS =
  `_TS_CRMEMORY _TS_CRSPEED _TS_CRDISK _TS_CROSTYPE _TS_CRARCH _TS_CRMINOSVER _TS_CRMAXOSVER _TS_CROSLANGUAGE
  _TS_CRACPOWER _TS_CRNETWORK _TS_CRWIRED _TS_CRUEFI _TS_CRTPMENABLED _TS_CRTPMACTIVATED`.split(/\s+/);

export const checkReadiness = defineStep(
  'check-readiness',
  {
    title: 'Check Readiness',
    summary: 'Refuses a machine that cannot be deployed, before anything on it is changed.',
    runsOn: ['winpe', 'windows', 'linux'],
    destructive: false,
    reboots: false,
    repeatable: true,
  },
  {
    memory: Size.optional().describe('Memory the machine must have at least'),
    processorSpeed: z.int().positive().optional().describe('Processor speed it must have at least, in MHz'),
    freeDiskSpace: Size.optional().describe(
      'Space that must be free: on the system drive, or in the boot environment on one disk, unpartitioned space included',
    ),
    osType: z.enum(['client', 'server']).optional().describe('What the Windows that runs must be'),
    architecture: z.enum(['x86', 'x64', 'arm64']).optional().describe('What the Windows that runs must be made for'),
    minimumOsVersion: OsVersion.optional().describe('The oldest version the Windows that runs may have'),
    maximumOsVersion: OsVersion.optional().describe('The newest version it may have'),
    osLanguage: z.int().min(1).max(0xffff).optional().describe('Its language, as a decimal LCID: 1033'),
    firmware: z.enum(['uefi', 'bios']).optional().describe('How it must have been started'),
    power: z.literal('ac').optional().describe('ac: it must not run on its battery'),
    networkConnected: z.boolean().default(false).describe('true: a network adapter must be connected'),
    networkWired: z.boolean().default(false).describe('true: a wired network adapter must be connected'),
    tpmEnabled: z.boolean().default(false).describe('true: a TPM of version 2.0 or later must be enabled'),
    tpmActivated: z.boolean().default(false).describe('true: a TPM of version 2.0 or later must be activated'),
    disk: DiskRules.optional().describe('At least one disk must satisfy these rules'),
  },
  { sets: () => RESULTS },
);
