import { z } from 'zod';
import { isTrue, patternOrVariable, SECRET } from '../../contract/option-fields.ts';
import { defineStep } from '../../contract/step.ts';

const Locale = patternOrVariable(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'a language tag: en-US');
const Owner = z.string().min(1).max(255);

/** The built-in Administrator account. */
const Administrator = z.union([
  z.literal('random-and-disabled'),
  z.strictObject({
    password: z.string().min(1).max(255).describe('The password of the enabled account').meta(SECRET),
  }),
]);

type LicenseMode = 'perSeat' | 'perServer';

export const applyWindowsSettings = defineStep(
  'apply-windows-settings',
  {
    title: 'Apply Windows Settings',
    summary: 'Writes the answer file that Windows reads when it starts for the first time.',
    runsOn: ['winpe', 'linux'],
    destructive: false,
    reboots: false,
    repeatable: true,
  },
  {
    computerName: patternOrVariable(
      /^(\*|[A-Za-z0-9-]{1,15})$/,
      'at most 15 letters, digits or -, or * for a random name',
    )
      .default('*')
      .describe('The name of the computer; * lets Windows choose one')
      .meta({ variable: 'OSDComputerName' }),
    registeredUser: Owner.optional()
      .describe('The name Windows is registered to')
      .meta({ variable: 'OSDRegisteredUserName' }),
    organization: Owner.optional()
      .describe('The organisation Windows is registered to')
      .meta({ variable: 'OSDRegisteredOrgName' }),
    productKey: patternOrVariable(/^[A-Za-z0-9]{5}(-[A-Za-z0-9]{5}){4}$/, 'five groups of five, or a %variable%')
      .optional()
      .describe('The product key; masked in logs')
      .meta({ variable: 'OSDProductKey', ...SECRET }),
    administrator: Administrator.optional().describe(
      'The built-in Administrator: random-and-disabled, or its password; by default as in the image. OSDRandomAdminPassword and OSDLocalAdminPassword override it',
    ),
    serverLicenseMode: z
      .enum(['perSeat', 'perServer'])
      .optional()
      .describe(
        'How connections to a server are licensed: taken over from older sequences, no Windows Server since 2008 has it. OSDServerLicenseMode overrides it',
      ),
    serverLicenseConnections: z
      .int()
      .min(5)
      .max(9999)
      .optional()
      .describe('With perServer: how many connections are licensed')
      .meta({ variable: 'OSDServerLicenseConnectionLimit' }),
    timeZone: z
      .string()
      .min(1)
      .optional()
      .describe("Windows' name for the time zone: W. Europe Standard Time")
      .meta({ variable: 'OSDTimeZone' }),
    userLocale: Locale.optional()
      .describe('Formats of dates and numbers')
      .meta({ variable: 'OSDWindowsSettingsUserLocale' }),
    systemLocale: Locale.optional()
      .describe('Language of programs without Unicode')
      .meta({ variable: 'OSDWindowsSettingsSystemLocale' }),
    uiLanguage: Locale.optional()
      .describe('Language of Windows itself; it must be in the image')
      .meta({ variable: 'OSDWindowsSettingsUILanguage' }),
    uiLanguageFallback: Locale.optional()
      .describe('Language of what is not there in the language of Windows')
      .meta({ variable: 'OSDWindowsSettingsUILanguageFallback' }),
    inputLocale: z
      .string()
      .min(1)
      .optional()
      .describe('Keyboard: a language tag or 0407:00000407')
      .meta({ variable: 'OSDWindowsSettingsInputLocale' }),
    acceptEula: z.boolean().default(true).describe('Do not show the licence terms at the first start'),
  },
  {
    fromVariables: (get) => {
      const [random, password, mode] = [
        get('OSDRandomAdminPassword'),
        get('OSDLocalAdminPassword'),
        get('OSDServerLicenseMode'),
      ];
      return {
        ...(password !== undefined && { administrator: { password } }),
        ...(isTrue(random) && { administrator: 'random-and-disabled' as const }),
        ...(mode !== undefined && { serverLicenseMode: licenseMode(mode) }),
      };
    },
    problems: ({ serverLicenseMode, serverLicenseConnections }) =>
      serverLicenseMode === 'perServer' && serverLicenseConnections === undefined
        ? ['serverLicenseMode perServer needs serverLicenseConnections']
        : [],
  },
);

/** A word that is neither stays as it is, for the schema to refuse. */
function licenseMode(word: string): LicenseMode {
  const modes = { perseat: 'perSeat', perserver: 'perServer' } as const;
  return modes[word.toLowerCase() as keyof typeof modes] ?? (word as LicenseMode);
}
