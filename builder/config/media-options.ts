import { z } from 'zod';
import { Name, SourcePath } from './content-schema.ts';

/** A day or a moment; a day begins at midnight UTC. A manifest writes years with four digits, in UTC. */
const Moment = z
  .union([z.iso.date(), z.iso.datetime({ offset: true })])
  .refine((text) => /^\d{4}-/.test(new Date(text).toISOString()), 'in UTC its year has four digits');

/** When a medium may be used. */
export const ValidityOptions = z
  .strictObject({
    from: Moment.optional().describe('The first day or moment, in UTC unless it says otherwise'),
    until: Moment.optional().describe('The last day, the whole of it, or the last moment'),
  })
  .refine(({ from, until }) => from !== undefined || until !== undefined, 'name from, until or both');
export type ValidityOptions = z.infer<typeof ValidityOptions>;

/** Where a secret comes from when the medium is built. Exactly one; it is never written into media.yaml. */
export const SecretSource = z
  .strictObject({
    file: SourcePath.optional().describe('The first line of this file'),
    environment: z
      .string()
      .regex(/^[A-Za-z_]\w*$/, 'the name of an environment variable')
      .optional()
      .describe('This environment variable'),
  })
  .refine(({ file, environment }) => (file === undefined) !== (environment === undefined), 'name file or environment');
export type SecretSource = z.infer<typeof SecretSource>;

/** Who vouches for the manifest. */
export const SigningOptions = z.strictObject({
  key: SourcePath.describe("minisign's secret key file, as minisign -G makes it; relative to this file"),
  password: SecretSource.optional().describe('What the key is encrypted with; nothing for a key without a password'),
});
export type SigningOptions = z.infer<typeof SigningOptions>;

/** What runs before anything is chosen. */
export const PrestartOptions = z.strictObject({
  command: z
    .union([
      z.string().min(1).max(8000),
      z
        .array(z.string())
        .min(1)
        .refine(([program]) => program !== '', 'the first text names the program'),
    ])
    .describe('One text as the boot environment takes a command line, or a program and its arguments'),
  package: Name.optional().describe('The package it is run in: its files'),
});
export type PrestartOptions = z.infer<typeof PrestartOptions>;

/** Options of every kind of medium, which say how it is used and not what is on it. */
export const MEDIA_OPTIONS = {
  valid: ValidityOptions.optional().describe('When the medium may be used, by the clock of the machine'),
  password: SecretSource.optional().describe(
    'Asked for before anything is shown: task sequences, variables and the machines file are sealed with it (age)',
  ),
  signing: SigningOptions.optional().describe(
    'The manifest is signed (minisign), and the boot environment refuses a medium that is not',
  ),
  prestart: PrestartOptions.optional().describe('A command that runs before a task sequence is chosen'),
  exclude: z
    .array(Name)
    .default([])
    .describe(
      'Packages, images, applications and upgrade packages that stay off the medium. A package may be missed by a task sequence, the others may not',
    ),
  copyFirst: z
    .boolean()
    .default(false)
    .describe('true: all content goes onto the target disk first, so that the medium can be taken out'),
  autorun: z.boolean().default(false).describe('true: autorun.inf offers mediasmith.exe where Windows still reads it'),
  record: z
    .boolean()
    .default(false)
    .describe('true: the medium says who has built it, when and from which files; two builds then differ'),
};
