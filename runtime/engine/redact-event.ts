import type { RunEvent } from '../contract/events.ts';
import { redactor } from '../host/exec.ts';

/** The texts of an event that a person or a program wrote. The others are words of ours, and a secret may be one of them. */
const FREE_TEXTS: ReadonlySet<string> = new Set([
  ...['name', 'title', 'message', 'error', 'lines', 'reason'],
  ...['question', 'choices', 'answer', 'logs'],
]);

/** Masks secrets in the texts of an event. */
export function redactEvent(event: RunEvent, secrets: readonly string[]): RunEvent {
  if (secrets.length === 0) return event;
  const hide = redactor(secrets);
  const hideIn = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(hideIn);
    return typeof value === 'string' ? hide(value) : value;
  };
  return Object.fromEntries(
    Object.entries(event).map(([key, value]) => [key, FREE_TEXTS.has(key) ? hideIn(value) : value]),
  ) as RunEvent;
}
