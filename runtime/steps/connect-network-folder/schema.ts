import { z } from 'zod';
import { patternOrVariable, SECRET } from '../../contract/option-fields.ts';
import { defineStep } from '../../contract/step.ts';

export const connectNetworkFolder = defineStep(
  'connect-network-folder',
  {
    title: 'Connect to Network Folder',
    summary: 'Connects to a shared folder, by a drive letter or without one.',
    runsOn: ['winpe', 'windows'],
    destructive: false,
    reboots: false,
    repeatable: true,
  },
  {
    path: patternOrVariable(/^\\\\[^\\/]+\\[^\\/]+/, 'a shared folder: \\\\server\\share')
      .describe('The folder: \\\\server\\share')
      .meta({ variable: 'SMSConnectNetworkFolderPath' }),
    driveLetter: patternOrVariable(/^[D-WYZd-wyz]:?$/, 'a drive letter from D to Z but X: Z:')
      .optional()
      .describe('The drive letter it gets')
      .meta({ variable: 'SMSConnectNetworkFolderDriveLetter' }),
    account: z
      .string()
      .min(1)
      .max(255)
      .optional()
      .describe('The account for it: DOMAIN\\user')
      .meta({ variable: 'SMSConnectNetworkFolderAccount' }),
    password: z
      .string()
      .max(255)
      .optional()
      .describe('Its password')
      .meta({ variable: 'SMSConnectNetworkFolderPassword', ...SECRET }),
  },
);
