import type { RunEvent } from '../../runtime/contract/events.ts';

/** What a component has logged, in order. */
export function logsOf(events: readonly RunEvent[], component: string): string[] {
  return events.flatMap((event) => (event.event === 'log' && event.component === component ? [event.message] : []));
}
