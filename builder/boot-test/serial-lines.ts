/** Cuts a serial port's bytes into lines: see {@link SerialLines.push}. */
export class SerialLines {
  readonly #decoder = new TextDecoder();
  #rest = '';

  /**
   * The lines completed by these bytes, without empty ones and without terminal escapes. Firmware and boot loaders
   * write no line ends where they place the cursor instead: that ends a line as well.
   */
  push(bytes: Uint8Array): string[] {
    const parts = (this.#rest + this.#decoder.decode(bytes, { stream: true })).split(LINE_END);
    this.#rest = parts.pop() ?? '';
    return parts.map(clean).filter((line) => line !== '');
  }

  /** What was left without an end of line. */
  end(): string[] {
    const rest = clean(this.#rest + this.#decoder.decode());
    this.#rest = '';
    return rest === '' ? [] : [rest];
  }
}

const ESCAPE = '\u001b';
const LINE_END = new RegExp(`[\\r\\n]+|${ESCAPE}\\[\\d*;\\d*H`);
const ESCAPE_SEQUENCES = new RegExp(`${ESCAPE}(\\[[0-9;?=]*[ -/]*[@-~]|[()][0-9A-Z]|[=>78cDEM])`, 'g');
const CONTROLS = /[^\P{Cc}\t]/gu;

function clean(line: string): string {
  return line.replace(ESCAPE_SEQUENCES, '').replace(CONTROLS, '').trim();
}
