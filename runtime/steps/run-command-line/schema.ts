import { z } from 'zod';
import { defineStep } from '../../contract/step.ts';

export const runCommandLine = defineStep(
  'run-command-line',
  {
    title: 'Run Command Line',
    summary: 'Runs a program and judges its exit code.',
    runsOn: ['winpe', 'linux'],
    destructive: false,
    reboots: false,
  },
  {
    command: z.array(z.string()).min(1).describe('The program and its arguments, one each; no shell reads them'),
    package: z.string().min(1).optional().describe('A package in media.yaml: the program is started in a copy of it'),
    successCodes: z.array(z.int()).min(1).default([0]).describe('Exit codes that mean success'),
    timeoutSeconds: z.int().positive().optional().describe('The program is ended and the step fails after this time'),
  },
  (options) => ({ packages: options.package === undefined ? [] : [options.package] }),
);
