import type { Emit } from '../../runtime/contract/events.ts';
import type { Exec } from '../../runtime/host/exec.ts';
import type { SourceMemory } from '../source-memory.ts';

/** What every stage of a build is given. */
export type StageContext = {
  exec: Exec;
  emit: Emit;
  signal: AbortSignal;
  /** Scratch space, gone when the build has ended. */
  workspace: string;
  cacheFolder: string;
  memory: SourceMemory;
};

/** Runs one stage between its two events. */
export async function runStage<T>(
  emit: Emit,
  stage: { name: string; title: string },
  work: () => Promise<T>,
): Promise<T> {
  const started = performance.now();
  emit({ event: 'stage-started', ...stage });
  const result = await work();
  emit({ event: 'stage-finished', ...stage, seconds: (performance.now() - started) / 1000 });
  return result;
}
