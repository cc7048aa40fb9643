import { chmod, mkdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exec } from '../../runtime/host/exec.ts';
import { ROOT } from './sources.ts';
import { writeFiles } from './temporary-folder.ts';

/** A part of a guide its reader is meant to type or to write into a file. */
export type GuideBlock = {
  kind: 'commands' | 'file';
  /** The name of the file; empty for commands. */
  name: string;
  text: string;
  /** The words before it send the reader to the checkout. */
  inCheckout: boolean;
};

/** Every block of commands, and every file whose name stands in its first line, in order. */
export function guideBlocks(markdown: string): GuideBlock[] {
  const blocks: GuideBlock[] = [];
  let read = 0;
  for (const found of markdown.matchAll(/^```(sh|yaml)\n(.*?)^```$/gms)) {
    const [whole, language, text = ''] = found;
    const inCheckout = /\bin the checkout\b/i.test(markdown.slice(read, found.index));
    read = found.index + whole.length;
    const name = /^# (\S+\.(?:yaml|sh))\n/.exec(text)?.[1];
    if (language === 'yaml' && name === undefined) throw new Error(`a file without a name:\n${text}`);
    blocks.push({ kind: name === undefined ? 'commands' : 'file', name: name ?? '', text, inCheckout });
  }
  return blocks;
}

/** One shell script that does what the reader of a guide does. `$CHECKOUT` is where it begins. */
export function guideScript(blocks: readonly GuideBlock[]): string {
  const lines = blocks.map(({ kind, name, text, inCheckout }) => {
    const deed = kind === 'commands' ? text : `cat > ${name} <<'END OF FILE'\n${text}END OF FILE\n`;
    return inCheckout ? `cd "$CHECKOUT"\n${deed}` : deed;
  });
  return `set -euo pipefail\ncd "$CHECKOUT"\n${lines.join('')}`;
}

/** What a guide's places stand for here: a text of the guide, and what is put in its place. */
export type GuidePlaces = Record<string, string>;

export type GuideOptions = {
  /** Beginnings of lines that cannot be run here. */
  notRun?: readonly string[];
  /** The path that programs are looked for in; ours unless given. */
  path?: string | undefined;
  /** Nothing but the blocks with this text. */
  only?: string;
};

/** Does all that the pages say, one after the other, in a folder in place of the checkout. */
export async function followGuide(
  pages: readonly string[],
  checkout: string,
  places: GuidePlaces,
  { notRun = [], path = process.env.PATH, only = '' }: GuideOptions = {},
): Promise<void> {
  const texts = await Promise.all(pages.map((page) => readFile(join(ROOT, 'docs', page), 'utf8')));
  let script = guideScript(texts.flatMap(guideBlocks).filter(({ text }) => text.includes(only)));
  for (const [text, here] of Object.entries(places)) {
    if (!script.includes(text)) throw new Error(`${pages.join(', ')}: there is no ${text}`);
    script = script.replaceAll(text, here);
  }
  script = withoutLines(script, notRun);
  await mkdir(checkout, { recursive: true });
  await symlink(join(ROOT, 'templates'), join(checkout, 'templates'));
  await writeFiles(checkout, { 'bin/npx': NPX, 'guide.sh': script });
  await chmod(join(checkout, 'bin/npx'), 0o755);
  const env = {
    CHECKOUT: checkout,
    PATH: `${join(checkout, 'bin')}:${path}`,
    LAUNCHER: fileURLToPath(new URL('../../cli/mediasmith.mjs', import.meta.url)),
    NODE: process.execPath,
  };
  await exec(['bash', join(checkout, 'guide.sh')], { env, cwd: checkout });
}

function withoutLines(script: string, beginnings: readonly string[]): string {
  const lines = script.split('\n');
  for (const beginning of beginnings) {
    if (!lines.some((line) => line.startsWith(beginning))) throw new Error(`there is no line ${beginning}`);
  }
  return lines.filter((line) => !beginnings.some((beginning) => line.startsWith(beginning))).join('\n');
}

/** In the checkout npx finds the program; here it is told where it is. */
const NPX = '#!/bin/sh\n[ "$1" = mediasmith ] || exit 1\nshift\nexec "$NODE" "$LAUNCHER" "$@"\n';
