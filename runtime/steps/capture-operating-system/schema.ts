import { z } from 'zod';
import { patternOrVariable, SECRET } from '../../contract/option-fields.ts';
import { defineStep } from '../../contract/step.ts';

export const captureOperatingSystem = defineStep(
  'capture-operating-system',
  {
    title: 'Capture Operating System Image',
    summary: 'Writes the volumes of the installed Windows and its data into a new WIM file, an image for each.',
    runsOn: ['winpe', 'linux'],
    destructive: false,
    reboots: false,
    repeatable: true,
  },
  {
    destination: patternOrVariable(/^.{1,251}\.[Ww][Ii][Mm]$/, 'a path that ends in .wim')
      .describe('The file to write: a local path, or one on a share (\\\\server\\share\\image.wim)')
      .meta({ variable: 'OSDCaptureDestination' }),
    account: z
      .string()
      .min(1)
      .max(255)
      .optional()
      .describe('The account for the share: DOMAIN\\user')
      .meta({ variable: 'OSDCaptureAccount' }),
    password: z
      .string()
      .max(255)
      .optional()
      .describe('Its password')
      .meta({ variable: 'OSDCaptureAccountPassword', ...SECRET }),
    imageName: z.string().min(1).max(255).optional().describe('The name of the image; by default that of the file'),
    imageCreator: z
      .string()
      .max(255)
      .optional()
      .describe('Who has made it; put behind the description')
      .meta({ variable: 'OSDImageCreator' }),
    imageVersion: z
      .string()
      .max(32)
      .optional()
      .describe('Your version of it; put behind the description')
      .meta({ variable: 'OSDImageVersion' }),
    imageDescription: z.string().max(255).optional().describe('What it is').meta({ variable: 'OSDImageDescription' }),
    exclusions: z
      .array(z.string().min(1))
      .default([])
      .describe(
        'Paths that are left out besides page file, hibernation file and the like, from the root of a volume; * and ? are wildcards',
      ),
  },
);
