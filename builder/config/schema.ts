import { z } from 'zod';
import { Title } from '../../runtime/contract/title.ts';

const Name = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
    'letters, digits, dot, _ and -, at most 64 of them, beginning with a letter or digit',
  );
const SourcePath = z.string().min(1);

export const ImageSource = z.strictObject({
  name: Name.describe('What sequences call it'),
  source: SourcePath.describe('The .wim file it is in; relative to this file'),
  image: z
    .union([z.int().positive(), z.string().min(1)])
    .default(1)
    .describe('Which image of the file: its index, or its name'),
});
export type ImageSource = z.infer<typeof ImageSource>;

export const PackageSource = z.strictObject({
  name: Name.describe('What sequences call it'),
  source: SourcePath.describe('The folder that holds it; relative to this file'),
});
export type PackageSource = z.infer<typeof PackageSource>;

export const Output = z.strictObject({
  iso: z
    .string()
    .regex(/\.iso$/i, 'a path that ends in .iso')
    .describe('The ISO file to write; relative to this file'),
});
export type Output = z.infer<typeof Output>;

/** `media.yaml`: what a person asks for. */
export const MediaFile = z
  .strictObject({
    formatVersion: z.literal(1).describe('The version of this format'),
    name: Title.describe('What the medium is called, on its boot menu and in reports'),
    label: z
      .string()
      .max(32, 'a volume label has at most 32 characters')
      .regex(/^[A-Z0-9_]+$/, 'a volume label has capital letters, digits and _')
      .default('MEDIASMITH')
      .describe('The volume label of the medium'),
    bootEnvironment: z
      .enum(['linux'])
      .default('linux')
      .describe('What the medium starts; linux needs no Microsoft file'),
    unattended: z
      .boolean()
      .default(false)
      .describe('true: nobody is asked anything; what would be a question is an error'),
    images: z.array(ImageSource).default([]).describe('Windows images that sequences apply'),
    packages: z.array(PackageSource).default([]).describe('Folders that sequences use: drivers, programs'),
    sequences: z.array(SourcePath).min(1).describe('Task sequence files; relative to this file'),
    outputs: z.array(Output).min(1).describe('What is written'),
  })
  .meta({ title: 'Mediasmith project' });
export type MediaFile = z.infer<typeof MediaFile>;
