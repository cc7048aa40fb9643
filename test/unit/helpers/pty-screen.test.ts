import { expect, it } from 'vitest';
import { PtyScreen } from '../../helpers/pty-screen.ts';

const ESCAPE = String.fromCodePoint(27);
/** A line that is drawn twice, as progress is, and a question below it that is answered. */
const OUTPUT = [
  `${ESCAPE}[?25l| Read the sources\r\n`,
  `${ESCAPE}[1A${ESCAPE}[2K\r${ESCAPE}[32m+${ESCAPE}[39m Read the sources\r\n${ESCAPE}[?25h`,
  `? Name of the medium${ESCAPE}7${ESCAPE}[12D${ESCAPE}[K: Office${ESCAPE}8\r\n`,
].join('');

it('shows the same wherever the output of a program is cut', () => {
  const whole = new PtyScreen(80, 24);
  whole.write(OUTPUT);
  expect(whole.lines()).toEqual(['+ Read the sources', '? Name o: Office', '']);
  for (let at = 1; at < OUTPUT.length; at += 1) {
    const screen = new PtyScreen(80, 24);
    screen.write(OUTPUT.slice(0, at));
    screen.write(OUTPUT.slice(at));
    expect(screen.lines(), JSON.stringify(OUTPUT.slice(0, at))).toEqual(whole.lines());
  }
});
