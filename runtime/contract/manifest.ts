import { z } from 'zod';

/** Paths on a medium, as this version writes them. */
export const MEDIUM_PATHS = {
  manifest: 'mediasmith/manifest.json',
  manifestDigest: 'mediasmith/manifest.json.sha256',
  sequences: 'mediasmith/sequences',
  images: 'mediasmith/images',
  content: 'mediasmith/content.wim',
  bootPackages: 'mediasmith/boot-environment.json',
  licences: 'mediasmith/licences',
} as const;

/** A path on the medium: forward slashes, relative, never upward. */
export const MediumPath = z
  .string()
  .regex(/^(?!\/)(?!.*(^|\/)\.\.?(\/|$))[^\\\p{Cc}]+$/u, 'a relative path that stays inside the medium');

export const ManifestFile = z.object({
  path: MediumPath,
  bytes: z.int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type ManifestFile = z.infer<typeof ManifestFile>;

/** One Windows image, or one content package, as an image of a WIM on the medium. */
export const ManifestImage = z.object({
  name: z.string(),
  file: MediumPath,
  index: z.int().positive(),
  bytes: z.number().describe('What its files need once applied'),
  architecture: z.string().optional(),
  edition: z.string().optional(),
  version: z.string().optional(),
  language: z.string().optional(),
});
export type ManifestImage = z.infer<typeof ManifestImage>;

/** `mediasmith/manifest.json`: what is on a medium. A reader of a later version reads every formatVersion before it. */
export const Manifest = z.object({
  formatVersion: z.literal(1),
  id: z.uuid(),
  name: z.string(),
  label: z.string(),
  builtBy: z.string().describe('Program and version'),
  bootEnvironment: z.enum(['linux', 'winpe']),
  unattended: z.boolean(),
  sequences: z.array(z.object({ id: z.string(), name: z.string(), file: MediumPath })),
  images: z.array(ManifestImage),
  packages: z.array(ManifestImage),
  files: z
    .array(ManifestFile)
    .describe(
      'Every file on the medium but the manifest, its digest and the two El Torito files that xorriso makes, sorted by path',
    ),
});
export type Manifest = z.infer<typeof Manifest>;
