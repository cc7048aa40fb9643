import { CONSOLE_LINES, consoleLines, labelledLines } from './console-text.ts';

/** One of several things to pick. `refused`: it is shown, and why it cannot be picked. */
export type Choice = { name: string; details?: string | undefined; refused?: string | undefined };

/** Pure: a menu as pages of a console, each with its end of line. What can be picked is numbered from 1. */
export function menuPages(question: string, choices: readonly Choice[]): string[] {
  const header = consoleLines(`\n${question}`);
  const room = CONSOLE_LINES - header.split('\n').length;
  const pages: string[][] = [[]];
  for (const entry of menuEntries(choices)) {
    const page = pages.at(-1) ?? [];
    if (page.length > 0 && page.length + entry.length > room) pages.push([...entry]);
    else page.push(...entry);
  }
  return pages.map((lines) => `${header}${lines.join('\n')}\n`);
}

/** The indices of the choices by the numbers a menu gives them, less one. */
export function pickable(choices: readonly Choice[]): number[] {
  return choices.flatMap(({ refused }, index) => (refused === undefined ? [index] : []));
}

function menuEntries(choices: readonly Choice[]): string[][] {
  const digits = String(pickable(choices).length).length;
  let number = 0;
  return choices.map(({ name, details, refused }) => {
    const label = `  ${(refused === undefined ? String(++number) : '-').padStart(digits)}  `;
    const below = ' '.repeat(label.length);
    return [
      ...labelledLines(label, name),
      ...(details === undefined ? [] : labelledLines(below, details)),
      ...(refused === undefined ? [] : labelledLines(below, `(${refused})`)),
    ];
  });
}
