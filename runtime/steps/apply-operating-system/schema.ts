import { z } from 'zod';
import { defineStep } from '../../contract/step.ts';

export const applyOperatingSystem = defineStep(
  'apply-operating-system',
  {
    title: 'Apply Operating System Image',
    summary: 'Applies a Windows image to a volume and makes the disk start it once the sequence has ended well.',
    runsOn: ['winpe', 'linux'],
    destructive: true,
    reboots: false,
  },
  {
    image: z.string().min(1).describe('The name of an image in media.yaml'),
    volume: z.string().default('Windows').describe('The name of a volume that Format and Partition Disk has made'),
    locale: z.string().default('en-US').describe('Language of the boot manager'),
  },
  ({ image }) => ({ images: [image] }),
);
