import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MediasmithError } from '../../contract/errors.ts';
import { WINPE_START_FILE, WinpeStart } from '../../contract/winpe-start.ts';
import { exists } from '../../host/exists.ts';
import { drvloadArgv, powerSchemeArgv, systemProgram, wpeutilArgv } from './command-lines.ts';
import { tryTo, type WinpeHost } from './host.ts';
import { runTool } from './run-tool.ts';

/** What the builder has left beside the runtime. `MEDIUM_NOT_FOUND` without it, as the medium cannot be known. */
export function readStart(startFolder: string): WinpeStart {
  const file = join(startFolder, WINPE_START_FILE);
  try {
    return WinpeStart.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    throw new MediasmithError('MEDIUM_NOT_FOUND', 'this boot image does not say which medium it belongs to', {
      where: file,
      hint: 'Start from a medium that mediasmith has built.',
      cause,
    });
  }
}

/** Makes the machine ready to be looked at. Nothing of it is worth ending for: what is missing shows itself later. */
export async function prepareMachine(host: WinpeHost, start: WinpeStart): Promise<void> {
  const { exec, systemRoot } = host;
  const wpeutil = (failure: string, ...words: string[]) =>
    tryTo(host, () => runTool(exec, { tool: 'wpeutil', failure, argv: wpeutilArgv(systemRoot, ...words) }));
  if (start.keyboardLayout !== undefined) {
    await wpeutil('the keyboard layout could not be set', 'SetKeyboardLayout', start.keyboardLayout);
  }
  await wpeutil('the boot information could not be updated', 'UpdateBootInfo');
  if (await exists(systemProgram(systemRoot, 'powercfg'))) {
    const failure = 'the power scheme could not be set';
    await tryTo(host, () => runTool(exec, { tool: 'powercfg', failure, argv: powerSchemeArgv(systemRoot) }));
  }
  for (const inf of start.drivers.flatMap((folder) => infFiles(join(host.startFolder, folder)))) {
    const failure = `the driver ${inf} could not be loaded`;
    const argv = drvloadArgv(systemRoot, inf);
    if (await tryTo(host, () => runTool(exec, { tool: 'drvload', failure, argv }))) {
      host.log('info', `driver loaded: ${inf}`);
    }
  }
}

/** Every INF below a folder, in the order of their paths. */
function infFiles(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.inf$/i.test(path))
      .sort()
      .map((path) => join(folder, path));
  } catch {
    return [];
  }
}
