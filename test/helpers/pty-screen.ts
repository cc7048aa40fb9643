const ESCAPE = String.fromCodePoint(27);
const PIECES = new RegExp(`${ESCAPE}\\[([?\\d;]*)([A-Za-z])|${ESCAPE}([78])|([\\s\\S])`, 'gu');

/** A control sequence of which more is to come. */
const BEGUN = new RegExp(`${ESCAPE}(?:\\[[?\\d;]*)?$`, 'u');

/** A terminal of some columns and rows that is written to; what has scrolled out of it is kept. */
export class PtyScreen {
  /** Lines that went on in the next because they were too wide. */
  wrapped = 0;
  readonly #columns: number;
  readonly #rows: number;
  #lines: string[][] = [[]];
  #begun = '';
  #row = 0;
  #column = 0;

  constructor(columns: number, rows: number) {
    this.#columns = columns;
    this.#rows = rows;
  }

  /** Every line since the start, without spaces at its end. */
  lines(): string[] {
    return this.#lines.map((cells) => cells.join('').trimEnd());
  }

  /** The next of the output; a program that is slow may have been stopped in the middle of a control sequence. */
  write(output: string): void {
    const text = this.#begun + output;
    this.#begun = BEGUN.exec(text)?.[0] ?? '';
    const whole = text.slice(0, text.length - this.#begun.length);
    for (const [found, count = '', deed, , character] of whole.matchAll(PIECES)) {
      if (deed !== undefined) this.#control(found, count, deed);
      else if (character === '\r') this.#column = 0;
      else if (character === '\n') this.#moveTo(this.#row + 1);
      else if (character === '\b') this.#column = Math.max(0, this.#column - 1);
      else if (character !== undefined && character >= ' ') this.#put(character);
    }
  }

  #put(character: string): void {
    if (this.#column === this.#columns) {
      this.wrapped += 1;
      this.#column = 0;
      this.#moveTo(this.#row + 1);
    }
    const cells = this.#line();
    while (cells.length < this.#column) cells.push(' ');
    cells[this.#column++] = character;
  }

  #control(found: string, count: string, deed: string): void {
    const number = Number(count) || 1;
    const top = Math.max(0, this.#lines.length - this.#rows);
    const deeds: Readonly<Record<string, () => void>> = {
      A: () => this.#moveTo(Math.max(top, this.#row - number)),
      B: () => this.#moveTo(Math.min(top + this.#rows - 1, this.#row + number)),
      C: () => {
        this.#column = Math.min(this.#columns - 1, this.#column + number);
      },
      D: () => {
        this.#column = Math.max(0, this.#column - number);
      },
      G: () => {
        this.#column = number - 1;
      },
      J: () => {
        this.#line().length = Math.min(this.#line().length, this.#column);
        for (const cells of this.#lines.slice(this.#row + 1)) cells.length = 0;
      },
      K: () => {
        const whole = count === '2';
        this.#line().length = whole ? 0 : Math.min(this.#line().length, this.#column);
      },
      // Colours, and whether the cursor is shown.
      m: () => undefined,
      h: () => undefined,
      l: () => undefined,
    };
    const known = deeds[deed];
    if (known === undefined) throw new Error(`a control sequence that is not expected: ${JSON.stringify(found)}`);
    known();
  }

  #moveTo(row: number): void {
    this.#row = row;
    while (this.#lines.length <= row) this.#lines.push([]);
  }

  #line(): string[] {
    return this.#lines[this.#row] as string[];
  }
}
