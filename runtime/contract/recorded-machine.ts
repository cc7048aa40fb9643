import { z } from 'zod';
import { Machine, OperatingSystem } from './machine.ts';
import { PLATFORMS } from './step.ts';

const RecordedValue = z.strictObject({
  type: z.enum(['REG_NONE', 'REG_SZ', 'REG_EXPAND_SZ', 'REG_MULTI_SZ', 'REG_DWORD', 'REG_QWORD', 'REG_BINARY']),
  data: z
    .union([z.string(), z.array(z.string()), z.int()])
    .describe('Numbers for DWORD and QWORD, hex digits for BINARY'),
});

const Moment = z.iso.datetime().describe('UTC');

/** What conditions are told of the system. What is not listed is not there. */
export const RecordedSystem = z.strictObject({
  files: z
    .record(z.string(), z.strictObject({ modified: Moment, version: z.string().optional() }))
    .default({})
    .describe('By full path'),
  folders: z.record(z.string(), z.strictObject({ modified: Moment })).default({}),
  registry: z
    .record(z.string(), z.record(z.string(), RecordedValue))
    .default({})
    .describe('Values by key: HKEY_LOCAL_MACHINE\\SOFTWARE\\...'),
  software: z
    .array(z.strictObject({ productCode: z.string(), upgradeCode: z.string(), name: z.string(), version: z.string() }))
    .default([])
    .describe('What Windows Installer has installed'),
  environment: z.record(z.string(), z.string()).default({}).describe("The system's own environment variables"),
});
export type RecordedSystem = z.infer<typeof RecordedSystem>;

/** What a program answers; others say nothing and end with 0. */
export const RecordedProgram = z.strictObject({
  program: z.string().min(1).describe('The name of its file, without folder and .exe'),
  contains: z.string().optional().describe('Only where its command line contains this'),
  output: z.string().default(''),
  exitCode: z.int().default(0),
});
export type RecordedProgram = z.infer<typeof RecordedProgram>;

const WINDOWS_11: z.infer<typeof OperatingSystem> = OperatingSystem.parse({
  caption: 'Microsoft Windows 11 Pro',
  version: '10.0.26100',
  build: 26100,
  edition: 'Professional',
  architecture: 'x64',
});

/** A machine as a simulation takes it: an inventory, where it was started, and what else a sequence may ask of it. */
export const RecordedMachine = Machine.extend({
  environment: z
    .enum(PLATFORMS)
    .default('winpe')
    .describe('Where a sequence is started that may start anywhere; the boot environment of the others'),
  system: RecordedSystem.optional().describe(
    'Without it, conditions on files, registry and software cannot be evaluated',
  ),
  deployed: OperatingSystem.default(WINDOWS_11).describe(
    'The Windows that a sequence finds after it has set one up, or has upgraded the one that was there',
  ),
  packages: z
    .record(z.string(), z.array(z.string()))
    .default({})
    .describe('The files in packages of the medium, by their names; another holds one .msu by its own name'),
  programs: z.array(RecordedProgram).default([]).describe('The first that fits answers'),
})
  .strict()
  .meta({ title: 'Mediasmith recorded machine' });
export type RecordedMachine = z.infer<typeof RecordedMachine>;
