import { z } from 'zod';
import { defineStep } from '../../contract/step.ts';

export const prepareWindowsForCapture = defineStep(
  'prepare-windows-for-capture',
  {
    title: 'Prepare Windows for Capture',
    summary: 'Generalises the running Windows by Sysprep and restarts the machine into the boot environment.',
    runsOn: ['windows'],
    destructive: false,
    reboots: true,
    repeatable: false,
  },
  {
    keepActivation: z
      .boolean()
      .default(false)
      .describe('true: the activation of Windows is not reset')
      .meta({ variable: 'OSDKeepActivation' }),
    shutDown: z
      .boolean()
      .default(false)
      .describe('true: the machine is shut down instead; the sequence goes on when the boot environment is started')
      .meta({ variable: 'OSDShutdownPreparedOs' }),
  },
  { sets: () => ['OSDTargetSystemRoot'], continuesIn: () => 'winpe' },
);
