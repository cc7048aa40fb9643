import { createHash } from 'node:crypto';
import { FILLER_VERSION } from './filler.ts';
import type { ImageEntry } from './image-entry.ts';
import { entrySecurity } from './image-security.ts';

/** A short name for everything that decides what an image holds: another plan has another key. */
export function imageKey(plan: readonly ImageEntry[]): string {
  const hash = createHash('sha256').update(`${FILLER_VERSION}`);
  for (const entry of plan) {
    const { content, ...marks } = entry.kind === 'file' ? entry : { ...entry, content: undefined };
    hash.update(JSON.stringify(marks));
    hash.update(entrySecurity(entry.security));
    hash.update(content?.from === 'bytes' ? content.bytes : JSON.stringify(content ?? null));
  }
  return hash.digest('hex').slice(0, 16);
}
