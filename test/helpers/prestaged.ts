import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from '../../builder/cache-folder.ts';
import type { Output } from '../../builder/config/schema.ts';
import { SourceMemory } from '../../builder/source-memory.ts';
import type { MediumToWrite } from '../../builder/stages/medium-to-write.ts';
import type { StageContext } from '../../builder/stages/stage.ts';
import { writePrestaged } from '../../builder/stages/write-prestaged.ts';
import { exec } from '../../runtime/host/exec.ts';
import { aDraft } from './manifest.ts';
import { FILES } from './small-stick.ts';
import { temporaryFolder, writeFiles } from './temporary-folder.ts';

/** What a prestaged medium is made of here: small files in every place, read where they lie. */
export async function mediumToPrestage(
  files: Record<string, string | Uint8Array> = FILES,
): Promise<{ folder: string; medium: MediumToWrite }> {
  const folder = await temporaryFolder();
  await writeFiles(folder, files);
  const paths = Object.keys(files).sort();
  const tree = new Map(paths.map((path) => [path, { kind: 'file' as const, path: join(folder, path) }]));
  const draft = aDraft({
    files: paths.map((path) => ({ path, bytes: Buffer.from(files[path] ?? '').length })),
  });
  const nothing = () => Promise.reject(new Error('only files are written'));
  return {
    folder,
    medium: {
      ...{ tree, draft, label: 'TEST', identity: { uuid: '2026010100000000', gptGuid: draft.id } },
      boot: { tree: new Map(), report: { lines: [], facts: {} }, isoBoot: nothing, pxeBoot: nothing },
    },
  };
}

/** Writes a prestaged output of it and returns the file. */
export async function prestage(
  medium: MediumToWrite,
  output: Output,
  change: Partial<StageContext> = {},
): Promise<string> {
  const workspace = join(await temporaryFolder(), 'workspace');
  await mkdir(workspace);
  const context = {
    ...{ exec, workspace, emit: () => undefined, signal: new AbortController().signal, cacheFolder: cacheFolder() },
    ...{ memory: new SourceMemory(workspace), ...change },
  };
  return (await writePrestaged(medium, output, context)).file;
}
