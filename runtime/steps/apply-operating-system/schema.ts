import { z } from 'zod';
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
    problems: ({ answerFile, answerFilePackage }) =>
      answerFilePackage !== undefined && answerFile === undefined
        ? ['answerFilePackage needs answerFile: which file of the package it is']
        : answerFile !== undefined && answerFilePackage === undefined
          ? ['answerFile needs answerFilePackage: the package it is in']
          : [],
  },
);
