import { z } from 'zod';
import { DestinationOption, describeDestination } from '../../contract/destination.ts';
import { DiskRules } from '../../contract/disk-rules.ts';
import { ContentName, ImageName, imageIndex, WindowsVolumeName } from '../../contract/option-fields.ts';
import { defineStep } from '../../contract/step.ts';

export const applyOperatingSystem = defineStep(
  'apply-operating-system',
  {
    title: 'Apply Operating System Image',
    summary: 'Applies a Windows image to a volume and makes the disk start it once the sequence has ended well.',
    runsOn: ['winpe', 'linux'],
    destructive: true,
    reboots: false,
    repeatable: true,
  },
  {
    image: ImageName,
    imageIndex: imageIndex('OSDImageIndex'),
    volume: WindowsVolumeName,
    destination: DestinationOption,
    disk: DiskRules.optional().describe('destination: which disks it may be on; by default the internal ones'),
    wipe: z
      .boolean()
      .default(false)
      .describe(
        'destination: true: everything on it is removed first, but for the state store and the state of the sequence; false: it must be empty',
      ),
    locale: z.string().default('en-US').describe('Language of the boot manager'),
    answerFilePackage: ContentName.optional().describe('A package in media.yaml that holds an answer file'),
    answerFile: z
      .string()
      .min(1)
      .max(255)
      .optional()
      .describe('The path of the answer file in that package; its %variables% are replaced')
      .meta({ variable: 'OSDConfigFileName' }),
  },
  {
    needs: ({ image, answerFilePackage }) => ({
      images: [image],
      packages: answerFilePackage === undefined ? [] : [answerFilePackage],
    }),
    sets: () => ['OSDTargetSystemDrive'],
    problems: ({ answerFile, answerFilePackage, destination, disk, wipe }) => {
      const wrong: [boolean, string][] = [
        [
          answerFilePackage !== undefined && answerFile === undefined,
          'answerFilePackage needs answerFile: which file of the package it is',
        ],
        [
          answerFile !== undefined && answerFilePackage === undefined,
          'answerFile needs answerFilePackage: the package it is in',
        ],
        [wipe && destination === undefined, 'wipe needs destination: what is laid out in this run is empty'],
        [disk !== undefined && destination === undefined, 'disk needs destination'],
      ];
      return wrong.filter(([holds]) => holds).map(([, problem]) => problem);
    },
    wipes: ({ destination, wipe }) =>
      wipe && destination !== undefined ? describeDestination(destination) : undefined,
  },
);
