import { decodeInf, type InfEncoding } from './inf-encoding.ts';
import { type InfFields, scanLine, splitFields } from './inf-line.ts';

export type InfEntry = InfFields & {
  /** Where it begins; counts from 1. */
  line: number;
};

export type InfSection = {
  /** As it is written where it comes first. */
  name: string;
  /** Where it comes first. */
  line: number;
  entries: InfEntry[];
};

/** An INF as data: nothing in it is understood yet, and nothing that can be read as lines is refused. */
export type InfText = {
  encoding: InfEncoding;
  /** By name in lower case. Sections of one name are one. */
  sections: ReadonlyMap<string, InfSection>;
};

/** Reads an INF. What stands before the first section, and behind the bracket of one, is no entry. */
export function parseInf(bytes: Uint8Array): InfText {
  const { text, encoding } = decodeInf(bytes);
  const sections = new Map<string, InfSection>();
  let section: InfSection | undefined;
  for (const { code, line } of logicalLines(text)) {
    const name = sectionName(code);
    if (name !== undefined) section = sectionOf(sections, name, line);
    else section?.entries.push({ line, ...splitFields(code) });
  }
  return { encoding, sections };
}

/** A section by its name in any case. */
export function infSection(inf: InfText, name: string): InfSection | undefined {
  return inf.sections.get(name.toLowerCase());
}

/** The first entry with a key, in any case. */
export function infEntry(section: InfSection | undefined, key: string): InfEntry | undefined {
  const wanted = key.toLowerCase();
  return section?.entries.find((entry) => entry.key?.toLowerCase() === wanted);
}

/** The lines that say something, without comments, continued ones put together. */
function* logicalLines(text: string): Generator<{ code: string; line: number }> {
  let pending: { code: string; line: number } | undefined;
  let line = 0;
  for (const physical of text.split(/\r\n|\n|\r/)) {
    line++;
    const { code, continues } = scanLine(physical);
    // A stray backslash must not swallow the section behind it.
    if (pending !== undefined && code.trimStart().startsWith('[')) {
      yield pending;
      pending = undefined;
    }
    const whole = pending === undefined ? { code, line } : { ...pending, code: pending.code + code.trimStart() };
    if (continues) {
      pending = whole;
      continue;
    }
    pending = undefined;
    if (whole.code.trim() !== '') yield whole;
  }
  if (pending !== undefined && pending.code.trim() !== '') yield pending;
}

function sectionName(code: string): string | undefined {
  const match = /^\s*\[([^\]]*)/.exec(code);
  return match?.[1]?.trim();
}

function sectionOf(sections: Map<string, InfSection>, name: string, line: number): InfSection {
  const key = name.toLowerCase();
  const known = sections.get(key);
  if (known !== undefined) return known;
  const section = { name, line, entries: [] };
  sections.set(key, section);
  return section;
}
