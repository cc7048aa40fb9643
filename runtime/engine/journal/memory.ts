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
  /** How steps have ended, by entry. */
  ends: Map<number, Omit<Ended, 'record' | 'entry'>>;
  /** The step that was running when the records end. */
  running: Omit<Started, 'record'> | undefined;
  state: Record<string, unknown>;
  handovers: Omit<Extract<JournalRecord, { record: 'handover' }>, 'record'>[];
  /** The restart that was asked for last and has not happened. */
  restart: 'winpe' | 'full-os' | undefined;
};

export function emptyMemory(begin: Begin): Memory {
  return {
    begin,
    variables: new Map(),
    conditions: new Map(),
    ends: new Map(),
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
      memory.running = { entry: record.entry, name: record.name, attempt: record.attempt };
      return;
    case 'ended':
      memory.running = undefined;
      memory.ends.set(record.entry, {
        outcome: record.outcome,
        ...(record.error !== undefined && { error: record.error }),
      });
      return;
    case 'again':
      memory.ends.delete(record.entry);
      memory.running = undefined;
      return;
    case 'state':
      memory.state = record.state;
      return;
    case 'handover':
      memory.handovers.push({ step: record.step, data: record.data });
      return;
    case 'handed-over':
      memory.handovers = [];
      return;
    case 'restart':
      memory.restart = record.into;
      return;
    case 'resumed':
      memory.restart = undefined;
  }
}

/** The fewest records that add up to the same. */
export function recall(memory: Memory): JournalRecord[] {
  return [
    memory.begin,
    ...memory.variables.values(),
    ...[...memory.conditions].map(([entry, holds]) => ({ record: 'condition', entry, holds }) as const),
    ...[...memory.ends].map(([entry, end]) => ({ record: 'ended', entry, ...end }) as const),
    { record: 'state', state: memory.state },
    ...memory.handovers.map((handover) => ({ record: 'handover', ...handover }) as const),
    ...(memory.running === undefined ? [] : [{ record: 'started', ...memory.running } as const]),
    ...(memory.restart === undefined ? [] : [{ record: 'restart', into: memory.restart } as const]),
  ];
}
