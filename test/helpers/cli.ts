import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const LAUNCHER = fileURLToPath(new URL('../../cli/mediasmith.mjs', import.meta.url));

export type CliResult = { exitCode: number | null; stdout: string; stderr: string };

export type CliOptions = {
  env?: Record<string, string>;
  /** The Node that starts the launcher; this one unless given. */
  node?: string;
  /** Called with all of standard error whenever more of it has come, with the process to signal. */
  onStderr?: (stderr: string, kill: (signal: NodeJS.Signals) => void) => void;
};

/** Runs the command line as a person's shell would, without a terminal. */
export async function cli(
  args: readonly string[],
  { env = {}, node = process.execPath, onStderr }: CliOptions = {},
): Promise<CliResult> {
  const child = spawn(node, [LAUNCHER, ...args], { env: { ...process.env, ...env }, detached: true });
  // The whole group, as a terminal's Ctrl-C does it.
  const kill = (signal: NodeJS.Signals): void => void (child.pid !== undefined && process.kill(-child.pid, signal));
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    onStderr?.(stderr, kill);
  });
  const [exitCode] = (await once(child, 'close')) as [number | null];
  return { exitCode, stdout, stderr };
}
