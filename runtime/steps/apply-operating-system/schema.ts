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
    layeredDriver: z
      .int()
      .min(0)
      .max(6)
      .optional()
      .describe(
        'The Japanese or Korean keyboard of the machine, by the number DISM /Set-LayeredDriver has for it: 1 PC/AT 101/102-key, 2 to 4 Korean 101-key of type 1 to 3, 5 Korean 103/106-key, 6 Japanese 106/109-key; by default, and with 0, as the image has it',
      )
      .meta({ variable: 'OSDLayeredDriver' }),
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
    fromVariables: (get) => {
      const edition = get('OSDImageIndex') === undefined ? get('OSDInstallEditionIndex') : undefined;
      return edition === undefined ? {} : { imageIndex: Number(edition) };
    },
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
