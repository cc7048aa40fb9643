import type { RunEvent } from '../contract/events.ts';
import { redactor } from '../host/exec.ts';

/** The texts of an event that a person or a program wrote. The others are words of ours, and a secret may be one of them. */
const FREE_TEXTS: ReadonlySet<string> = new Set(['name', 'title', 'message', 'error']);

/** Masks secrets in the texts of an event. */
export function redactEvent(event: RunEvent, secrets: readonly string[]): RunEvent {
  if (secrets.length === 0) return event;
  const hide = redactor(secrets);
  return Object.fromEntries(
    Object.entries(event).map(([key, value]) => [
      key,
      typeof value === 'string' && FREE_TEXTS.has(key) ? hide(value) : value,
    ]),
  ) as RunEvent;
}
