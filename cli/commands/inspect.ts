import { resolve } from 'node:path';
import { cacheFolder } from '../../builder/cache-folder.ts';
import { mediumPage } from '../../builder/inspect/html/page.ts';
import { refuseOtherFile, writePage } from '../../builder/inspect/html/write-page.ts';
import { inspectMedium } from '../../builder/inspect/inspect-medium.ts';
import { exec } from '../../runtime/host/exec.ts';
import type { CommandResult, Session } from '../session.ts';
import { mediumTree } from './inspect/medium-tree.ts';

export type InspectOptions = {
  /** The file that gets the page for a printer. */
  html?: string;
};

/** Says what a medium has on it and who signed what it starts. */
export async function inspect(
  { progress, signal }: Session,
  path: string,
  { html }: InspectOptions = {},
): Promise<CommandResult> {
  if (html !== undefined) await refuseOtherFile(html);
  const stage = { name: 'inspect', title: `Read ${path}` };
  const document = await progress([stage], (emit) => {
    emit({ event: 'stage-started', ...stage });
    return inspectMedium(resolve(path), { cacheFolder: cacheFolder(), exec, emit, signal });
  });
  if (html === undefined) return { document, text: mediumTree(document) };
  await writePage(html, mediumPage(document, new Date()));
  return { document, text: `What is on ${path} is in ${html}: open it in a browser, and print it from there.\n` };
}
