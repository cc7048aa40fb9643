import type { StepContext } from './context.ts';

/**
 * Does the same to each item in turn; resolves to those it failed for, with why. The first failure is thrown unless the
 * others follow all the same. An interruption is no failure of an item.
 */
export async function eachOf<Item>(
  items: readonly Item[],
  { continueOnFailure, name }: { continueOnFailure: boolean; name: (item: Item) => string },
  { signal, log }: StepContext,
  deed: (item: Item) => Promise<void>,
): Promise<Map<Item, unknown>> {
  const failed = new Map<Item, unknown>();
  for (const item of items) {
    signal.throwIfAborted();
    try {
      await deed(item);
    } catch (error) {
      if (!continueOnFailure || signal.aborted) throw error;
      failed.set(item, error);
      log('error', `${name(item)}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if (failed.size > 0) log('warning', `${failed.size} of ${items.length} have failed; the sequence goes on`);
  return failed;
}
