/** What one piece of a pattern takes: exactly this character, any one, any run, or one of (or none of) some ranges. */
export type PatternPart =
  | { kind: 'character'; character: string }
  | { kind: 'one' }
  | { kind: 'run' }
  | { kind: 'set'; not: boolean; ranges: readonly (readonly [from: string, to: string])[] };

/**
 * Whether a text as a whole fits, without regard to case. After a failure only the last run is tried longer, so the cost
 * is at most the text's length times the pattern's: no pattern is a bomb.
 */
export function fitsPattern(text: string, parts: readonly PatternPart[]): boolean {
  const characters = text.toLowerCase();
  let [at, part, run, resume] = [0, 0, -1, 0];
  while (at < characters.length) {
    const wanted = parts[part];
    if (wanted?.kind === 'run') {
      [run, resume] = [part, at];
      part += 1;
    } else if (wanted !== undefined && takes(wanted, characters[at] ?? '')) {
      at += 1;
      part += 1;
    } else if (run >= 0) {
      resume += 1;
      [at, part] = [resume, run + 1];
    } else {
      return false;
    }
  }
  return parts.slice(part).every(({ kind }) => kind === 'run');
}

function takes(part: PatternPart, character: string): boolean {
  if (part.kind === 'character') return part.character === character;
  if (part.kind === 'set') return part.not !== part.ranges.some(([from, to]) => from <= character && character <= to);
  return part.kind === 'one';
}

/** WQL's patterns: `%` any run, `_` any one character, `[a-f]` or `[abc]` one of these, `[^a]` none; `[%]` is a percent sign. */
export function likePattern(pattern: string): PatternPart[] {
  const text = pattern.toLowerCase();
  const parts: PatternPart[] = [];
  let at = 0;
  while (at < text.length) {
    const end = text[at] === '[' ? endOfSet(text, at) : undefined;
    parts.push(end === undefined ? simplePart(text[at] ?? '', '%', '_') : setPart(text.slice(at + 1, end)));
    at = (end ?? at) + 1;
  }
  return parts;
}

/** The patterns of `like` in variable conditions: `*` any run, `?` any one character. */
export function wildcardPattern(pattern: string): PatternPart[] {
  return pattern
    .toLowerCase()
    .split('')
    .map((character) => simplePart(character, '*', '?'));
}

function simplePart(character: string, run: string, one: string): PatternPart {
  if (character === run) return { kind: 'run' };
  return character === one ? { kind: 'one' } : { kind: 'character', character };
}

/** A bracket that closes at once, or never, is an ordinary character. */
function endOfSet(text: string, at: number): number | undefined {
  const first = at + (text[at + 1] === '^' ? 2 : 1);
  const end = text.indexOf(']', first + 1);
  return end > 0 ? end : undefined;
}

function setPart(inside: string): PatternPart {
  const not = inside.startsWith('^') && inside.length > 1;
  const text = not ? inside.slice(1) : inside;
  const ranges: [string, string][] = [];
  for (let at = 0; at < text.length; at++) {
    const from = text[at] ?? '';
    const to = text[at + 1] === '-' ? text[at + 2] : undefined;
    ranges.push([from, to ?? from]);
    if (to !== undefined) at += 2;
  }
  return { kind: 'set', not, ranges };
}
