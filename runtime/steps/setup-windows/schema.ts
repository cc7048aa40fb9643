import { defineStep } from '../../contract/step.ts';

export const setupWindows = defineStep(
  'setup-windows',
  {
    title: 'Setup Windows',
    summary: 'Starts the Windows that was applied, lets its setup finish and goes on with the sequence in it.',
    runsOn: ['winpe', 'linux'],
    destructive: false,
    reboots: true,
    repeatable: true,
    carriesOver: true,
    vital: true,
  },
  {},
  { needs: () => ({ windowsRuntime: true }), continuesIn: () => 'full-os' },
);
