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

/** An application as steps install it. What it depends on was resolved when the medium was built. */
export const ManifestApplication = z.object({
  name: z.string(),
  package: z.string().describe('The content package its command is run in'),
  command: z
    .union([z.string(), z.array(z.string()).min(1)])
    .describe('As Windows takes it, or a program and its arguments'),
  successCodes: z.array(z.int()).min(1),
  dependsOn: z.array(z.string()).describe('Everything that must be installed before it, in that order'),
});
export type ManifestApplication = z.infer<typeof ManifestApplication>;

/** Windows installation files as a plain folder: setup.exe is started from the medium itself. */
export const ManifestUpgradePackage = z.object({
  name: z.string(),
  folder: MediumPath,
  architecture: z.string(),
  version: z.string(),
  languages: z.array(z.string()),
  editions: z.array(z.string()),
});
export type ManifestUpgradePackage = z.infer<typeof ManifestUpgradePackage>;

/** A variable the medium gives; without a value somebody is asked for it. */
export const ManifestVariable = z.object({ name: z.string(), value: z.string().optional(), secret: z.boolean() });
export type ManifestVariable = z.infer<typeof ManifestVariable>;

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
  applications: z.array(ManifestApplication).default([]),
  upgradePackages: z.array(ManifestUpgradePackage).default([]),
  windowsRuntimes: z
    .array(z.object({ architecture: z.enum(['x64', 'arm64']), file: MediumPath }))
    .default([])
    .describe('The runtime for an installed Windows'),
  variables: z.array(ManifestVariable).default([]),
  machines: MediumPath.optional().describe('Variables of single machines and of collections of them'),
  preferredSequence: z.string().optional().describe('The one that starts where nobody is asked'),
  files: z
    .array(ManifestFile)
    .describe(
      'Every file on the medium but the manifest, its digest and the two El Torito files that xorriso makes, sorted by path',
    ),
});
export type Manifest = z.infer<typeof Manifest>;
