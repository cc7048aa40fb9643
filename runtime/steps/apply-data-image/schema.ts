import { z } from 'zod';
import { ContentName } from '../../contract/option-fields.ts';
import { defineStep } from '../../contract/step.ts';

export const applyDataImage = defineStep(
  'apply-data-image',
  {
    title: 'Apply Data Image',
    summary: 'Applies an image without an operating system to a volume.',
    runsOn: ['winpe', 'linux'],
    destructive: true,
    reboots: false,
    repeatable: true,
  },
  {
    image: ContentName.describe('The name of an image in media.yaml'),
    imageIndex: z
      .int()
      .min(1)
      .max(2 ** 31 - 1)
      .optional()
      .describe('Another image of the same file on the medium, by its index in it')
      .meta({ variable: 'OSDDataImageIndex' }),
    volume: z
      .string()
      .min(1)
      .describe('The name of a volume that Format and Partition Disk has made, or %variable% with what names it'),
    wipe: z
      .boolean()
      .default(true)
      .describe('true: everything on the volume is deleted first')
      .meta({ variable: 'OSDWipeDestinationPartition' }),
  },
  { needs: ({ image }) => ({ images: [image] }) },
);
