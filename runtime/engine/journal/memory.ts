import type { JournalRecord } from './records.ts';

export type Begin = Extract<JournalRecord, { record: 'begin' }>;
type Ended = Extract<JournalRecord, { record: 'ended' }>;
type Started = Extract<JournalRecord, { record: 'started' }>;

/** What the records of a run add up to. */
export type Memory = {
  begin: Begin;
  /** Names in lower case. */
  variables: Map<string, Extract<JournalRecord, { record: 'variable' }>>;
  /** What conditions said, by entry: a decision is not made twice. */
  conditions: Map<number, boolean>;
  /** How steps have ended, by entry; also groups that have failed and were gone on after, or could not be entered. */
  ends: Map<number, Omit<Ended, 'record' | 'entry' | 'attempt'>>;
  /** The last attempt at a step, by entry, whatever has come of it. */
  attempts: Map<number, number>;
  /** The step that was running when the records end. */
  running: Omit<Started, 'record'> | undefined;
  state: Record<string, unknown>;
  handovers: Omit<Extract<JournalRecord, { record: 'handover' }>, 'record'>[];
  /** The restart that was asked for last and has not happened. Not `left`: it was cut before all was done for it. */
  restart: Omit<Extract<JournalRecord, { record: 'restart' }>, 'record'> | undefined;
};

export function emptyMemory(begin: Begin): Memory {
  return {
    begin,
    variables: new Map(),
    conditions: new Map(),
    ends: new Map(),
    attempts: new Map(),
    running: undefined,
    state: {},
    handovers: [],
    restart: undefined,
  };
}

/** Takes one more record in. */
export function remember(memory: Memory, record: JournalRecord): void {
  switch (record.record) {
    case 'begin':
      memory.begin = record;
      return;
    case 'variable':
      if (record.value === '') memory.variables.delete(record.name.toLowerCase());
      else memory.variables.set(record.name.toLowerCase(), record);
      return;
    case 'condition':
      memory.conditions.set(record.entry, record.holds);
      return;
    case 'started':
      memory.running = {
        entry: record.entry,
        name: record.name,
        attempt: record.attempt,
        ...(record.cuts !== undefined && { cuts: record.cuts }),
      };
      memory.attempts.set(record.entry, record.attempt);
      return;
    case 'ended':
      memory.running = undefined;
      memory.ends.set(record.entry, {
        outcome: record.outcome,
        ...(record.error !== undefined && { error: record.error }),
        ...(record.failure !== undefined && { failure: record.failure }),
      });
      if (record.attempt !== undefined) memory.attempts.set(record.entry, record.attempt);
      return;
    case 'again':
      memory.ends.delete(record.entry);
      memory.running = undefined;
      if (record.attempt !== undefined) memory.attempts.set(record.entry, record.attempt);
      return;
    case 'state':
      memory.state = record.state;
      return;
    case 'handover':
      registerHandover(memory, { step: record.step, data: record.data });
      return;
    case 'handed-over':
      memory.handovers = [];
      return;
    case 'restart':
      memory.restart = { into: record.into, ...(record.left === true && { left: true }) };
      return;
    case 'resumed':
      memory.restart = undefined;
  }
}

/** A step that is run again registers the same again: it is done once, at its later place. */
function registerHandover(memory: Memory, handover: Memory['handovers'][number]): void {
  const same = JSON.stringify(handover);
  memory.handovers = [...memory.handovers.filter((known) => JSON.stringify(known) !== same), handover];
}

/** The fewest records that add up to the same. */
export function recall(memory: Memory): JournalRecord[] {
  const { attempts, ends, running } = memory;
  const attemptAt = (entry: number) => {
    const attempt = attempts.get(entry);
    return attempt === undefined ? {} : { attempt };
  };
  const toRepeat = [...attempts.keys()].filter((entry) => !ends.has(entry) && entry !== running?.entry);
  return [
    memory.begin,
    ...memory.variables.values(),
    ...[...memory.conditions].map(([entry, holds]) => ({ record: 'condition', entry, holds }) as const),
    ...[...ends].map(([entry, end]) => ({ record: 'ended', entry, ...end, ...attemptAt(entry) }) as const),
    ...toRepeat.map((entry) => ({ record: 'again', entry, ...attemptAt(entry) }) as const),
    { record: 'state', state: memory.state },
    ...memory.handovers.map((handover) => ({ record: 'handover', ...handover }) as const),
    ...(running === undefined ? [] : [{ record: 'started', ...running } as const]),
    ...(memory.restart === undefined ? [] : [{ record: 'restart', ...memory.restart } as const]),
  ];
}
