import { z } from 'zod';
import { DestinationOption, describeDestination } from '../../contract/destination.ts';
import { DiskRules } from '../../contract/disk-rules.ts';
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
    volume: VolumeName.optional().describe(VolumeName.description ?? ''),
    destination: DestinationOption,
    disk: DiskRules.optional().describe('destination: which disks it may be on; by default the internal ones'),
    wipe: z
      .boolean()
      .default(true)
      .describe('true: everything on the volume is deleted first')
      .meta({ variable: 'OSDWipeDestinationPartition' }),
  },
  {
    needs: ({ image }) => ({ images: [image] }),
    problems: ({ volume, destination, disk }) => {
      const wrong: [boolean, string][] = [
        [(volume === undefined) === (destination === undefined), 'either volume or destination is needed'],
        [destination === 'present-windows', 'destination present-windows is for an operating system'],
        [disk !== undefined && destination === undefined, 'disk needs destination'],
      ];
      return wrong.filter(([holds]) => holds).map(([, problem]) => problem);
    },
    wipes: ({ destination, wipe }) =>
      wipe && destination !== undefined ? describeDestination(destination) : undefined,
  },
);
