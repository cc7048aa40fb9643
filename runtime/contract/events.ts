import { z } from 'zod';

/**
 * What the builder and the runtime report. Sinks (the screen, the log, the serial line, the command line's progress,
 * a test) draw from these and from nothing else.
 */
export const RunEvent = z.discriminatedUnion('event', [
  z.object({
    event: z.literal('runtime-started'),
    version: z.string(),
    platform: z.string(),
    uptimeSeconds: z.number(),
  }),
  z.object({ event: z.literal('phase'), phase: z.enum(['medium', 'verify', 'inventory', 'choose', 'sequence']) }),
  z.object({ event: z.literal('medium-found'), id: z.string(), device: z.string() }),
  z.object({
    event: z.literal('machine-found'),
    make: z.string(),
    model: z.string(),
    serial: z.string(),
    firmware: z.enum(['uefi', 'bios']),
    secureBoot: z.boolean(),
  }),
  z.object({
    event: z.literal('question').describe('The console shows it itself'),
    kind: z.enum(['choose', 'text', 'key']),
    question: z.string(),
    choices: z.array(z.string()).optional().describe('What can be picked, or the keys'),
    seconds: z.number().optional().describe('Until it answers itself'),
  }),
  z.object({ event: z.literal('answer'), answer: z.string().optional().describe('Absent: not given, or secret') }),
  z.object({ event: z.literal('sequence-started'), id: z.string(), name: z.string(), steps: z.int() }),
  z.object({
    event: z.literal('step-started'),
    index: z.int().describe('Counts from 1 over the steps of the whole sequence'),
    of: z.int(),
    name: z.string(),
    type: z.string(),
  }),
  z.object({
    event: z.literal('step-finished'),
    index: z.int(),
    of: z.int(),
    name: z.string(),
    type: z.string(),
    outcome: z.enum(['succeeded', 'failed', 'skipped']),
    seconds: z.number(),
    error: z.string().optional(),
    lines: z.array(z.string()).optional().describe('What else there is to say of the error'),
    reason: z.string().optional().describe('Why it was skipped'),
  }),
  z.object({ event: z.literal('stage-started'), name: z.string(), title: z.string() }),
  z.object({ event: z.literal('stage-finished'), name: z.string(), title: z.string(), seconds: z.number() }),
  z.object({
    event: z.literal('progress'),
    title: z.string(),
    done: z.number(),
    total: z.number(),
    unit: z.enum(['bytes', 'files', 'percent']),
    rate: z.number().optional().describe('Units per second'),
  }),
  z.object({
    event: z
      .literal('countdown')
      .describe('Until something happens by itself; where somebody is asked, it is a question'),
    what: z.string().describe('What happens at its end, as a sentence without its full stop'),
    left: z.int().describe('Seconds'),
    of: z.int(),
    message: z.string().optional().describe('What the sequence says to those who wait'),
  }),
  z.object({
    event: z.literal('progress-display').describe('How the screen shows from now on how far the sequence is'),
    shows: z.enum(['steps', 'steps-and-percent', 'percent', 'nothing']),
  }),
  z.object({
    event: z.literal('log'),
    level: z.enum(['info', 'warning', 'error']),
    component: z.string(),
    message: z.string(),
  }),
  z.object({
    event: z.literal('finished'),
    outcome: z.enum(['succeeded', 'failed']),
    action: z.enum(['restart', 'shutdown', 'shell']),
    continues: z.enum(['winpe', 'full-os']).optional().describe('The sequence is not over: it goes on there'),
    code: z.string().optional(),
    error: z.string().optional(),
    seconds: z.number().optional().describe('Since the sequence was started, restarts included'),
    logs: z.array(z.string()).optional().describe('Where log and result were left, as a person finds them'),
  }),
]);
export type RunEvent = z.infer<typeof RunEvent>;

/** Where events go. */
export type Emit = (event: RunEvent) => void;
