import { z } from 'zod';
import { ContentName, patternOrVariable, SECRET } from '../../contract/option-fields.ts';
import { defineStep } from '../../contract/step.ts';

const Path = z.string().min(1).max(255);

export const upgradeOperatingSystem = defineStep(
  'upgrade-operating-system',
  {
    title: 'Upgrade Operating System',
    summary: 'Upgrades the running Windows in place by Windows Setup and goes on after it, or after its rollback.',
    runsOn: ['windows'],
    destructive: false,
    reboots: false,
    repeatable: false,
  },
  {
    upgradePackage: ContentName.optional().describe('The name of an upgrade package in media.yaml'),
    installPath: Path.optional().describe('Instead of upgradePackage: the folder with setup.exe, local or on a share'),
    editionIndex: z
      .int()
      .min(1)
      .max(2 ** 31 - 1)
      .optional()
      .describe('Which image of the source; by default the one Setup chooses'),
    productKey: patternOrVariable(/^[A-Za-z0-9]{5}(-[A-Za-z0-9]{5}){4}$/, 'five groups of five, or a %variable%')
      .optional()
      .describe('The product key; masked in logs')
      .meta(SECRET),
    driverPackage: ContentName.optional().describe('A package in media.yaml with drivers for the new Windows'),
    driverFolder: Path.optional().describe(
      'Instead of driverPackage: a folder with drivers, searched with its folders',
    ),
    scanOnly: z.boolean().default(false).describe('true: only the compatibility is scanned, nothing is upgraded'),
    ignoreMessages: z
      .boolean()
      .default(false)
      .describe('true: warnings of the compatibility scan that can be dismissed do not end the upgrade'),
    dynamicUpdate: z.boolean().default(false).describe('true: Setup fetches updates of itself from Windows Update'),
    additionalOptions: z
      .string()
      .min(1)
      .optional()
      .describe('Further options of setup.exe, as its command line takes them')
      .meta({ variable: 'OSDSetupAdditionalUpgradeOptions' }),
    postOobePackage: ContentName.optional().describe('A package whose setupcomplete.cmd runs after a good upgrade'),
    postRollbackPackage: ContentName.optional().describe('A package whose setuprollback.cmd runs after a rollback'),
  },
  {
    needs: (options) => {
      const { upgradePackage, driverPackage, postOobePackage, postRollbackPackage } = options;
      return {
        upgradePackages: upgradePackage === undefined ? [] : [upgradePackage],
        packages: [driverPackage, postOobePackage, postRollbackPackage].filter((name) => name !== undefined),
        windowsRuntime: true,
      };
    },
    sets: () => ['_SMSTSOSUpgradeActionReturnCode', '_SMSTSSetupRollback'],
    continuesIn: ({ scanOnly }) => (scanOnly ? undefined : 'full-os'),
    problems: ({ upgradePackage, installPath, driverPackage, driverFolder }) => [
      ...((upgradePackage === undefined) === (installPath === undefined)
        ? ['give either upgradePackage or installPath']
        : []),
      ...(driverPackage !== undefined && driverFolder !== undefined
        ? ['driverPackage and driverFolder exclude each other']
        : []),
    ],
  },
);
