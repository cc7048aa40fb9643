import { z } from 'zod';
import { WritableVariableName } from '../../runtime/contract/variables.ts';

/** What a person calls a thing that sequences use. */
export const Name = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
    'letters, digits, dot, _ and -, at most 64 of them, beginning with a letter or digit',
  );
export const SourcePath = z.string().min(1);

export const ImageSource = z.strictObject({
  name: Name.describe('What sequences call it'),
  source: SourcePath.describe(
    'What it is in: a Windows ISO, a folder with the files of one, a .wim, .esd or .swm file; relative to this file',
  ),
  image: z
    .union([z.int().positive(), z.string().min(1)])
    .default(1)
    .describe('Which image of the file: its index, its name, or its edition, such as Professional'),
});
export type ImageSource = z.infer<typeof ImageSource>;

export const PackageSource = z.strictObject({
  name: Name.describe('What sequences call it'),
  source: SourcePath.describe('A folder, or an archive that 7-Zip reads (.zip, .cab, .7z); relative to this file'),
});
export type PackageSource = z.infer<typeof PackageSource>;

/** A program that a sequence installs, and how. */
export const Application = z.strictObject({
  name: Name.describe('What sequences call it'),
  package: Name.describe('The package its command is run in'),
  command: z
    .union([z.string().min(1).max(32000), z.array(z.string()).min(1)])
    .describe('How it is installed: one text as Windows takes a command line, or a program and its arguments'),
  successCodes: z
    .array(z.int())
    .min(1)
    .default([0, 1641, 3010])
    .describe('Exit codes that mean success; 1641 and 3010 among them restart the machine and go on'),
  dependsOn: z.array(Name).default([]).describe('Applications that must be installed before it; they come with it'),
});
export type Application = z.infer<typeof Application>;

/** Windows installation files that Windows Setup upgrades a running Windows from. */
export const UpgradePackage = z.strictObject({
  name: Name.describe('What sequences call it'),
  source: SourcePath.describe(
    'A Windows ISO, or a folder with the files of one: setup.exe and sources/install.wim or .esd; relative to this file',
  ),
});
export type UpgradePackage = z.infer<typeof UpgradePackage>;

/** A variable that every run from the medium starts with. */
export const MediaVariable = z.strictObject({
  name: WritableVariableName.describe('Its name'),
  value: z.string().max(4000).optional().describe('Its value; without one somebody is asked for it'),
  secret: z
    .boolean()
    .default(false)
    .describe(
      'true: its value is shown nowhere; it is asked for, and written here only where the medium has a password',
    ),
});
export type MediaVariable = z.infer<typeof MediaVariable>;
