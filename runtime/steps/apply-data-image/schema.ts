import { z } from 'zod';
import { ImageName, imageIndex, VolumeName } from '../../contract/option-fields.ts';
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
    image: ImageName,
    imageIndex: imageIndex('OSDDataImageIndex'),
    volume: VolumeName,
    wipe: z
      .boolean()
      .default(true)
      .describe('true: everything on the volume is deleted first')
      .meta({ variable: 'OSDWipeDestinationPartition' }),
  },
  { needs: ({ image }) => ({ images: [image] }) },
);
