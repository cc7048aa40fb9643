import type { StepContext } from './context.ts';

/** The drive of the Windows that runs: `C:`. */
export function windowsDrive({ machine }: Pick<StepContext, 'machine'>): string {
  return driveOf(machine.operatingSystem?.systemDrive ?? 'C:');
}

/** `c`, `C:` and `C:\` as `C:`. */
export function driveOf(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}:`;
}
