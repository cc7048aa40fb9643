import { printable } from '../../../builder/inspect/printable.ts';

export type Node = { text: string; below?: readonly Node[] };

export const WIDTH = 80;
/** Before the text of a node below the top. */
export const INDENT = 3;
const NO_BREAK_SPACE = '\u00a0';

/** A tree at most {@link WIDTH} columns wide where its words allow it. A no-break space keeps words together. */
export function treeText(title: string, nodes: readonly Node[]): string {
  return `${[...wrap(printable(title), WIDTH), ...branches(nodes, '')].join('\n')}\n`;
}

/** Lines do not break inside this text. */
export function unbroken(text: string): string {
  return text.replaceAll(' ', NO_BREAK_SPACE);
}

function branches(nodes: readonly Node[], before: string): string[] {
  return nodes.flatMap(({ text, below = [] }, index) => {
    const last = index === nodes.length - 1;
    const stem = `${before}${last ? '   ' : '│  '}`;
    const [first = '', ...more] = wrap(printable(text), WIDTH - before.length - INDENT);
    const trunk = `${stem}${below.length > 0 ? '│  ' : '   '}`;
    return [
      `${before}${last ? '└─ ' : '├─ '}${first}`,
      ...more.map((line) => `${trunk}${line}`),
      ...branches(below, stem),
    ];
  });
}

/** Breaks at spaces; a word that is too long stays whole. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/(?<= )(?=[^ ])/)) {
    const last = lines.at(-1);
    const room = width - (lines.length > 1 ? INDENT : 0);
    if (last === undefined || `${last}${word}`.trimEnd().length > room) lines.push(word);
    else lines[lines.length - 1] = `${last}${word}`;
  }
  return lines.map((line) => line.trimEnd().replaceAll(NO_BREAK_SPACE, ' '));
}
