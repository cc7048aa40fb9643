const ESCAPE = String.fromCodePoint(27);
const PIECES = new RegExp(`${ESCAPE}\\[\\??(\\d*)([A-Za-z])|([\\s\\S])`, 'gu');

/** What a terminal shows of a program's output: its lines, without spaces at their ends. As much of a terminal as Wine uses. */
export function screenOf(output: string): string[] {
  const lines: string[][] = [[]];
  let row = 0;
  let column = 0;
  const line = (): string[] => {
    while (lines.length <= row) lines.push([]);
    return lines[row] as string[];
  };
  const put = (character: string): void => {
    const cells = line();
    while (cells.length < column) cells.push(' ');
    cells[column++] = character;
  };
  const deeds: Readonly<Record<string, (count: number) => void>> = {
    A: (count) => {
      row = Math.max(0, row - (count || 1));
    },
    B: (count) => {
      row += count || 1;
    },
    C: (count) => {
      column += count || 1;
    },
    D: (count) => {
      column = Math.max(0, column - (count || 1));
    },
    G: (count) => {
      column = (count || 1) - 1;
    },
    J: () => {
      line().length = Math.min(line().length, column);
      lines.length = row + 1;
    },
    K: () => {
      line().length = Math.min(line().length, column);
    },
    // Shows and hides the cursor.
    h: () => undefined,
    l: () => undefined,
  };
  for (const [found, count, deed, character] of output.matchAll(PIECES)) {
    if (deed !== undefined) {
      const known = deeds[deed];
      if (known === undefined) throw new Error(`a control sequence that is not expected: ${JSON.stringify(found)}`);
      known(Number(count));
    } else if (character === '\r') column = 0;
    else if (character === '\n') row += 1;
    else if (character !== undefined) put(character);
  }
  return lines.map((cells) => cells.join('').trimEnd());
}
