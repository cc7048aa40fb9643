import { z } from 'zod';
import { ContentName, commaList, SECRET } from './option-fields.ts';

export const UsmtPackage = ContentName.describe(
  'The package in media.yaml with the folder User State Migration Tool of the ADK',
);

/** `simple`: what USMT does then. */
export function usmtMode(simple: string) {
  return z
    .enum(['simple', 'advanced'])
    .default('simple')
    .describe(`simple: ${simple}; advanced: by configFiles. OSDMigrateMode overrides it`);
}

export const UsmtConfigFiles = z
  .array(z.string().min(1))
  .optional()
  .describe(
    'advanced: migration XML files of the package, or full paths; a Config.xml among them is taken as such. OSDMigrateConfigFiles, with commas, overrides it',
  );

export function usmtEncryptionKey(description: string) {
  return z.string().min(1).max(256).optional().describe(description).meta(SECRET);
}

type Tool = 'ScanState' | 'LoadState';

export function usmtVerboseLogging(tool: Tool) {
  return z
    .boolean()
    .default(false)
    .describe(`true: everything ${tool} does is logged`)
    .meta({ variable: 'OSDMigrateEnableVerboseLogging' });
}

export function usmtAdditionalOptions(tool: Tool, variable: string) {
  return z
    .string()
    .min(1)
    .optional()
    .describe(`Further options of ${tool}, as its command line takes them`)
    .meta({ variable });
}

/** ConfigMgr's variables for the mode and its files, which have values of another form than the options. */
export function usmtFromVariables(get: (name: string) => string | undefined): {
  mode?: 'simple' | 'advanced';
  configFiles?: string[];
} {
  const [mode, files] = [get('OSDMigrateMode'), get('OSDMigrateConfigFiles')];
  return {
    // The schema refuses what is neither.
    ...(mode !== undefined && { mode: mode.toLowerCase() as 'simple' | 'advanced' }),
    ...(files !== undefined && { configFiles: commaList(files) }),
  };
}
