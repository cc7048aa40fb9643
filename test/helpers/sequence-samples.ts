import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './sources.ts';

const FOLDER = join(ROOT, '..', 'shared', 'data', 'ts');

/** Task sequences of real deployments, as ConfigMgr exports and MDT saves them; empty where they are not at hand. */
export function sequenceSamples(): string[] {
  try {
    return readdirSync(FOLDER)
      .sort()
      .map((name) => join(FOLDER, name));
  } catch {
    return [];
  }
}
