/** What is wrong with a query, and where. Never leaves this zone: a condition turns it into `CONDITION_NOT_EVALUATED`. */
export class WqlError extends Error {
  override readonly name = 'WqlError';
  /** Counts from 1 over the whole query, line breaks included. Absent where no one place is to blame. */
  readonly column: number | undefined;
  readonly hint: string | undefined;

  constructor(message: string, column?: number, hint?: string) {
    super(message);
    this.column = column;
    this.hint = hint;
  }
}
