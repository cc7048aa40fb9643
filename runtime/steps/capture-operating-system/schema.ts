import { z } from 'zod';
import { DiskRules } from '../../contract/disk-rules.ts';
import { patternOrVariable, SECRET } from '../../contract/option-fields.ts';
import { defineStep } from '../../contract/step.ts';

export const captureOperatingSystem = defineStep(
  'capture-operating-system',
  {
    title: 'Capture Operating System Image',
    summary:
      'Writes the volumes of the installed Windows and its data into a new WIM file, an image for each, and reads it back.',
    runsOn: ['winpe', 'linux'],
    destructive: false,
    reboots: false,
    repeatable: true,
    failsWhatever: 'there is no image before it is whole and was read back',
  },
  {
    destination: patternOrVariable(/^.{1,251}\.[Ww][Ii][Mm]$/, 'a path that ends in .wim')
      .describe(
        'The file to write: on a share (\\\\server\\share\\image.wim), on a volume by its label (Images:\\image.wim), or on the only other volume of the machine (image.wim); never on the disk that is captured or on the medium. WinPE also takes a drive letter, Linux a path that begins with /',
      )
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
    disk: DiskRules.optional().describe(
      'Which disk has the Windows that is captured, where several have one; by default it is asked for, or refused',
    ),
    requireGeneralized: z
      .boolean()
      .default(true)
      .describe('Refuses a Windows that Sysprep has not generalised. false: only warns of it'),
    overwrite: z
      .boolean()
      .default(false)
      .describe('Replaces a file by the same name, when the new one is whole; otherwise that is refused'),
    exclusions: z
      .array(z.string().min(1))
      .default([])
      .describe(
        'Paths that are left out besides page file, hibernation file and the like, from the root of a volume; * and ? are wildcards',
      ),
  },
  { needs: ({ destination }) => ({ network: /^[\\/]{2}[^\\/]/.test(destination) }) },
);
