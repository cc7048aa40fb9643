import { createHash } from 'node:crypto';
import { z } from 'zod';

const Entry = z.int().nonnegative().describe('The number of a step or group in the order in which all stand, from 0');
const Attempt = z.int().positive().describe('Which attempt at the step was the last, from 1');

const Failure = z
  .object({
    code: z.string(),
    message: z.string(),
    lines: z.array(z.string()),
    where: z.string().exactOptional(),
    hint: z.string().exactOptional(),
    exitCode: z.number().exactOptional(),
  })
  .describe('The error, as the person is told of it who goes on with the run');
export type Failure = z.infer<typeof Failure>;

/** What a journal says, one thing a line. Records of a later version have a formatVersion that this one refuses. */
export const JournalRecord = z.discriminatedUnion('record', [
  z.object({
    record: z.literal('begin'),
    formatVersion: z.literal(1),
    run: z.uuid(),
    mediumId: z.string(),
    manifestDigest: z
      .string()
      .optional()
      .describe('SHA-256 of the manifest, whose signature is not checked again where nobody knows the key'),
    sequenceId: z.string(),
    sequenceName: z.string(),
    sequenceDigest: z.string().describe('SHA-256 of the sequence as it lies on the medium, children in their places'),
    machine: z.string().describe('UUID or serial number'),
    started: z.iso.datetime(),
  }),
  z.object({ record: z.literal('variable'), name: z.string(), value: z.string(), sealed: z.literal(true).optional() }),
  z.object({ record: z.literal('condition'), entry: Entry, holds: z.boolean() }),
  z.object({
    record: z.literal('started'),
    entry: Entry,
    name: z.string(),
    attempt: Attempt,
    cuts: z.int().positive().exactOptional().describe('How often it was cut in its middle before this attempt'),
  }),
  z.object({
    record: z.literal('ended'),
    entry: Entry,
    outcome: z.enum(['succeeded', 'failed']),
    error: z.string().optional(),
    failure: Failure.optional(),
    attempt: Attempt.optional(),
  }),
  z
    .object({ record: z.literal('again'), entry: Entry, attempt: Attempt.optional() })
    .describe('The end of this entry is forgotten: it runs again'),
  z.object({ record: z.literal('state'), state: z.record(z.string(), z.unknown()) }),
  z.object({ record: z.literal('handover'), step: z.string(), data: z.record(z.string(), z.unknown()) }),
  z.object({ record: z.literal('handed-over') }),
  z.object({
    record: z.literal('restart'),
    into: z.enum(['winpe', 'full-os']),
    left: z.literal(true).optional().describe('All is done for it: what starts next is to be there'),
  }),
  z.object({ record: z.literal('resumed') }),
]);
export type JournalRecord = z.infer<typeof JournalRecord>;

const DIGEST_DIGITS = 16;

/** Records that belong together, as one line that says itself whether it is whole: all of them count, or none. */
export function encodeRecords(records: readonly JournalRecord[]): string {
  const text = JSON.stringify(records);
  return `${digestOf(text)} ${text}\n`;
}

/**
 * The records of all whole lines. What comes after the last end of a line was being written when the power went. Undefined
 * where a line that has its end is not as it was written: that is damage, and nobody knows what was there.
 */
export function decodeRecords(bytes: Buffer): JournalRecord[] | undefined {
  const records: JournalRecord[] = [];
  let from = 0;
  for (let end = bytes.indexOf(10, from); end >= 0; end = bytes.indexOf(10, from)) {
    const line = decodeLine(bytes.toString('utf8', from, end));
    if (line === undefined) return undefined;
    records.push(...line);
    from = end + 1;
  }
  return records;
}

function decodeLine(line: string): JournalRecord[] | undefined {
  const text = line.slice(DIGEST_DIGITS + 1);
  if (line.slice(0, DIGEST_DIGITS + 1) !== `${digestOf(text)} `) return undefined;
  const result = z.array(JournalRecord).safeParse(JSON.parse(text));
  return result.success ? result.data : undefined;
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, DIGEST_DIGITS);
}
