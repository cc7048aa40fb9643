/** ConfigMgr keeps so much of a program's output in a variable. */
const MOST_CHARACTERS = 1000;

/** Gathers the end of a program's output, line by line. */
export class LastOutput {
  #text = '';

  readonly add = (line: string): void => {
    this.#text = `${this.#text}${line}\n`.slice(-MOST_CHARACTERS - 1);
  };

  /** The last 1000 characters, without the last line's end. */
  get text(): string {
    return this.#text.trimEnd().slice(-MOST_CHARACTERS);
  }
}
