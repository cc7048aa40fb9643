import { z } from 'zod';
import { defineStep } from '../../contract/step.ts';

const Locale = z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'a language tag: en-US');

export const applyWindowsSettings = defineStep(
  'apply-windows-settings',
  {
    title: 'Apply Windows Settings',
    summary: 'Writes the answer file that Windows reads when it starts for the first time.',
    runsOn: ['winpe', 'linux'],
    destructive: false,
    reboots: false,
  },
  {
    computerName: z
      .string()
      .regex(/^(\*|[A-Za-z0-9-]{1,15}|.*%.+%.*)$/, 'at most 15 letters, digits or -, or * for a random name')
      .default('*')
      .describe('The name of the computer; * lets Windows choose one'),
    registeredUser: z.string().min(1).max(255).optional().describe('The name Windows is registered to'),
    organization: z.string().min(1).max(255).optional().describe('The organisation Windows is registered to'),
    productKey: z
      .string()
      .regex(/^([A-Z0-9]{5}(-[A-Z0-9]{5}){4}|%.+%)$/i, 'five groups of five, or a %variable%')
      .optional()
      .describe('The product key; masked in logs'),
    timeZone: z.string().min(1).optional().describe("Windows' name for the time zone: W. Europe Standard Time"),
    userLocale: Locale.optional().describe('Formats of dates and numbers'),
    systemLocale: Locale.optional().describe('Language of programs without Unicode'),
    uiLanguage: Locale.optional().describe('Language of Windows itself; it must be in the image'),
    inputLocale: z.string().min(1).optional().describe('Keyboard: a language tag or 0407:00000407'),
    acceptEula: z.boolean().default(true).describe('Do not show the licence terms at the first start'),
  },
);
