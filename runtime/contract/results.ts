import { z } from 'zod';

export const StepResult = z.object({
  index: z.int().describe('Counts from 1 over the enabled steps of the whole sequence'),
  name: z.string(),
  type: z.string(),
  outcome: z.enum(['succeeded', 'failed', 'skipped', 'not-run']),
  seconds: z.number().optional().describe('Absent where it ended before a restart, or never ran'),
  error: z.string().optional(),
  reason: z.string().optional().describe('Why it was skipped'),
});
export type StepResult = z.infer<typeof StepResult>;

/** What a task sequence leaves behind when it has ended. Secret values are in none of it. */
export const RunResult = z.object({
  formatVersion: z.literal(1),
  run: z.uuid(),
  sequence: z.object({ id: z.string(), name: z.string() }),
  medium: z.object({ id: z.uuid(), name: z.string() }),
  machine: z.object({
    name: z.string().describe('OSDComputerName, or how Windows is called; empty where neither is known'),
    make: z.string(),
    model: z.string(),
    serial: z.string(),
    uuid: z.string(),
    assetTag: z.string(),
    macAddresses: z.array(z.string()),
  }),
  started: z.iso.datetime(),
  ended: z.iso.datetime(),
  seconds: z.number().describe('Between the two by the clock of the machine, restarts included'),
  outcome: z.enum(['succeeded', 'failed']),
  failedStep: z.object({ index: z.int(), name: z.string(), type: z.string() }).optional(),
  error: z
    .object({
      code: z.string().optional().describe('Absent for a bug of ours'),
      message: z.string(),
      exitCode: z.int().optional().describe('Of the program that failed'),
      where: z.string().optional(),
      hint: z.string().optional(),
      lines: z.array(z.string()).describe('What the program said last, or the disks refused'),
    })
    .optional(),
  steps: z.array(StepResult),
  variables: z.record(z.string(), z.string()).describe('Without the secret ones'),
});
export type RunResult = z.infer<typeof RunResult>;

/** Where Windows keeps its own logs, below the root of its volume. */
export const WINDOWS_LOG_FOLDER = 'Windows/Logs/Mediasmith';
/** Where results lie on a medium that can be written. */
export const MEDIUM_RESULTS = 'mediasmith/results';

/** The result of a sequence beside the log of the Windows it was about: what `rerun` remembers. */
export function windowsResultPath(sequenceId: string): string {
  return `${WINDOWS_LOG_FOLDER}/result-${sequenceId}.json`;
}
