import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { getRawAsset, isSea } from 'node:sea';
import { MediasmithError } from '../contract/errors.ts';

export type Koffi = typeof import('koffi').default;

/** The addon's name, beside the executable (Linux) or as an asset inside it (Windows). */
const ADDON = 'koffi.node';

/** koffi, loaded at the call and never before: most commands call nothing native. `TOOL_MISSING` where it cannot be. */
export async function loadKoffi(): Promise<Koffi> {
  if (!isSea()) return (await import('koffi')).default;
  // A single executable can require built-in modules only, but it can load an addon from a file.
  const addon = addonFile();
  const container = { exports: {} };
  try {
    process.dlopen(container, addon);
  } catch (cause) {
    throw new MediasmithError('TOOL_MISSING', `cannot load ${ADDON}`, {
      where: addon,
      hint: 'The executable, or what lies beside it, is not whole: take both from the same medium.',
      cause,
    });
  }
  return container.exports as Koffi;
}

/** A loaded addon cannot be deleted on Windows, so its copy has one name per content: the next start finds it. */
function addonFile(): string {
  const beside = join(dirname(process.execPath), ADDON);
  if (existsSync(beside)) return beside;
  const data = Buffer.from(getRawAsset(ADDON));
  const name = createHash('sha256').update(data).digest('hex').slice(0, 16);
  const file = join(tmpdir(), `mediasmith-${name}.node`);
  if (existsSync(file) && readFileSync(file).equals(data)) return file;
  mkdirSync(tmpdir(), { recursive: true });
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, data);
  renameSync(temporary, file);
  return file;
}
