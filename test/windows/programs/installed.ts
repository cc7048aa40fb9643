import { createHash } from 'node:crypto';
import { writeSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Manifest } from '../../../runtime/contract/manifest.ts';
import { exec } from '../../../runtime/host/exec.ts';
import { loadWin32 } from '../../../runtime/native/win32.ts';
import { windowsPlatform } from '../../../runtime/platform/windows/index.ts';

/** The platform of an installed Windows, as a test wants it to act there. Prints one JSON document. */
const [deed = '', ...given] = process.argv.slice(2);

async function act(): Promise<unknown> {
  const platform = await windowsPlatform({ exec, win32: { ...(await loadWin32()), ...firmware() } });
  const { facts } = platform;
  const [first = '', second = ''] = given;
  switch (deed) {
    case 'file':
      return facts.file(first);
    case 'folder':
      return facts.folder(first);
    case 'key':
      return facts.registryKeyExists(first);
    case 'value':
      return facts.registryValue(first, second);
    case 'software':
      return facts.installedSoftware();
    case 'environment':
      return facts.environment(first);
    case 'inventory':
      return platform.inventory(undefined);
    case 'medium':
      return platform.findMedium((await platform.bootOptions()).mediumId);
    case 'label':
      return (await loadWin32()).volumeLabel(first);
    case 'share':
      return (await loadWin32()).connectShare(first, 'CORP\\ann', 'secret', second || undefined);
    case 'drive':
      return (await loadWin32()).shareOfDrive(first) ?? 'none';
    case 'leave':
      return platform.leave('restart');
    case 'restart':
    case 'restart-linux': {
      await platform.prepare(() => undefined);
      const state = await platform.openState(undefined, 'full-os');
      await state?.replace(Buffer.from('state'));
      await state?.close();
      const files = deed === 'restart' ? [] : await filesBelow(first);
      const manifest = { id: 'an-id', bootEnvironment: deed === 'restart' ? 'winpe' : 'linux', files } as Manifest;
      const medium = { root: first, device: first, disk: '', launchMode: 'UFD', manifest } as const;
      return platform.arrangeRestart({ into: 'winpe', target: undefined, medium });
    }
    case 'resume': {
      const [state] = await platform.findStates();
      const text = String(await state?.read());
      await state?.remove();
      return { place: state?.place, text };
    }
    default:
      throw new Error(`no such deed: ${deed}`);
  }
}

/** Wine has none: what a test says it has. */
function firmware(): { firmwareType?: () => 'uefi' } {
  return process.env.STAND_IN_FIRMWARE === 'uefi' ? { firmwareType: () => 'uefi' } : {};
}

/** A folder as a manifest lists it. */
async function filesBelow(root: string): Promise<Manifest['files']> {
  const names = await readdir(root, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile());
  return Promise.all(
    files.map(async ({ parentPath, name }) => {
      const data = await readFile(join(parentPath, name));
      const path = relative(root, join(parentPath, name)).replaceAll('\\', '/');
      return { path, bytes: data.length, sha256: createHash('sha256').update(data).digest('hex') };
    }),
  );
}

function shown(_name: string, value: unknown): unknown {
  if (typeof value === 'bigint') return `${value}n`;
  return value;
}

act().then(
  (answer) => writeSync(1, `${JSON.stringify(answer ?? null, shown)}\n`),
  (error) => {
    writeSync(2, `${error instanceof Error ? error.stack : error}\n`);
    process.exit(1);
  },
);
