/**
 * Does two things at once. When one fails, the other is told to stop and is waited for, so that nothing is still writing
 * when what it writes is removed; the first failure is thrown.
 */
export async function together<A, B>(
  signal: AbortSignal,
  start: (signal: AbortSignal) => [Promise<A>, Promise<B>],
): Promise<[A, B]> {
  const failing = new AbortController();
  let first: { error: unknown } | undefined;
  const watched = <T>(work: Promise<T>): Promise<T | undefined> =>
    work.catch((error) => {
      first ??= { error };
      failing.abort(error);
      return undefined;
    });
  const [a, b] = start(AbortSignal.any([signal, failing.signal]));
  const results = await Promise.all([watched(a), watched(b)]);
  if (first !== undefined) throw first.error;
  return results as [A, B];
}
