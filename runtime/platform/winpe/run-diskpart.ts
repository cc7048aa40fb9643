import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { diskpartArgv } from './command-lines.ts';
import type { WinpeHost } from './host.ts';
import { runTool } from './run-tool.ts';

/** Runs a script. Resolves to the lines diskpart has said: it may end well after trouble all the same. */
export async function runDiskpart(
  { exec, systemRoot, log }: WinpeHost,
  script: string,
  failure: string,
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'diskpart-'));
  try {
    const file = join(folder, 'script.txt');
    await writeFile(file, script, 'latin1');
    log('info', `diskpart: ${script.trim().split('\r\n').join('; ')}`);
    const argv = diskpartArgv(systemRoot, file);
    const { stdout } = await runTool(exec, { tool: 'diskpart', argv, failure, signal });
    return stdout.split(/[\r\n]+/).filter((line) => line.trim() !== '');
  } finally {
    // Windows may hold a file for a moment after its program has ended; one that stays is in memory and harms nobody.
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}
