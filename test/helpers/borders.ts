import { posix } from 'node:path';
import { importsOf, type Sources } from './sources.ts';

/** The zones of ARCHITECTURE.md, the first that matches: a file may import its own zone and what `may` names. */
const ZONES: readonly { zone: number; files: RegExp; may: readonly number[] }[] = [
  { zone: 0, files: /^drivers\//, may: [] },
  { zone: 1, files: /^runtime\/contract\//, may: [0] },
  { zone: 2, files: /^runtime\/(sequence\/|(.+\/)?schema\.ts$)/, may: [0, 1] },
  { zone: 3, files: /^runtime\/(host|hive|seal)\//, may: [0, 1, 2] },
  { zone: 4, files: /^runtime\/(wim|native)\//, may: [0, 1, 2, 3] },
  { zone: 5, files: /^runtime\/platform\//, may: [0, 1, 2, 3, 4] },
  { zone: 6, files: /^runtime\/steps\//, may: [0, 1, 2, 3, 4, 5] },
  { zone: 7, files: /^runtime\/engine\//, may: [0, 1, 2, 3, 4, 5, 6] },
  { zone: 8, files: /^runtime\/(main|run|selftest)\.ts$/, may: [0, 1, 2, 3, 4, 5, 6, 7] },
  { zone: 9, files: /^builder\//, may: [0, 1, 2, 3, 4] },
  { zone: 10, files: /^cli\//, may: [0, 1, 2, 3, 4, 9, 11] },
  { zone: 11, files: /^runtime\/simulation\//, may: [0, 1, 2, 3, 4, 5, 6, 7] },
];

/** Which files may import which outside package. zod is the language of the schemas and free to all. */
const IMPORTERS: Record<string, readonly string[]> = {
  '@inquirer/prompts': ['cli/wizard/prompts.ts'],
  '@xmldom/xmldom': ['runtime/host/xml.ts'],
  'age-encryption': ['runtime/seal/age.ts'],
  asn1js: ['builder/pe/asn1.ts'],
  commander: ['cli/commands/reference.ts', 'cli/main.ts', 'cli/program.ts', 'cli/reference/pages.ts'],
  esbuild: ['builder/tools/esbuild.ts'],
  execa: ['runtime/host/exec.ts'],
  koffi: ['runtime/native/koffi.ts'],
  listr2: ['cli/progress.ts'],
  resedit: ['builder/tools/version-resources.ts'],
  yaml: ['runtime/sequence/document.ts'],
  yauzl: ['builder/import/zip-reader.ts'],
  yazl: ['builder/export/zip-writer.ts'],
};

export function zoneOf(path: string): number | undefined {
  return ZONES.find(({ files }) => files.test(path))?.zone;
}

/** Imports that go up, or to where the builder and the command line must not reach. */
export function crossings(sources: Sources): string[] {
  return edges(sources).flatMap(([from, to]) => {
    const zone = ZONES.find(({ files }) => files.test(from));
    const target = zoneOf(to);
    if (zone === undefined || target === undefined) return [`${from} -> ${to}: in no zone`];
    if (target === zone.zone || zone.may.includes(target)) return [];
    return [`${from} (zone ${zone.zone}) -> ${to} (zone ${target})`];
  });
}

/** Outside packages imported by a file that is not their importer. */
export function strayPackages(sources: Sources): string[] {
  return [...sources].flatMap(([path, text]) =>
    importsOf(path, text)
      .filter((name) => !isFile(name) && !name.startsWith('node:') && name !== 'zod')
      .filter((name) => !IMPORTERS[name]?.includes(path))
      .map((name) => `${path} -> ${name} (${IMPORTERS[name]?.join(', ') ?? 'a package nobody may import yet'})`),
  );
}

/** Files that import each other in a circle. */
export function fileCycles(sources: Sources): string[] {
  return circles(edges(sources));
}

/**
 * Folders that import each other in a circle. A folder in two zones counts as two; a folder and the folders inside it
 * are one house, and what goes on between them is not looked at.
 */
export function folderCycles(sources: Sources): string[] {
  const folderOf = (path: string) => `${posix.dirname(path)} (zone ${zoneOf(path)})`;
  const between = edges(sources).filter(([from, to]) => !sameHouse(posix.dirname(from), posix.dirname(to)));
  return circles(between.map(([from, to]) => [folderOf(from), folderOf(to)]));
}

/** Lines that match, as `file:line: text`. */
export function linesMatching(sources: Sources, pattern: RegExp, except: RegExp): string[] {
  return [...sources].flatMap(([path, text]) =>
    except.test(path)
      ? []
      : text.split('\n').flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}: ${line.trim()}`] : [])),
  );
}

/** Files with more lines than `most`. */
export function longFiles(sources: Sources, most: number): string[] {
  return [...sources].flatMap(([path, text]) => {
    const lines = text.split('\n').length - 1;
    return lines > most ? [`${path}: ${lines} lines`] : [];
  });
}

type Edge = readonly [from: string, to: string];

function edges(sources: Sources): Edge[] {
  return [...sources].flatMap(([path, text]) =>
    importsOf(path, text)
      .filter(isFile)
      .map((to): Edge => [path, to]),
  );
}

function isFile(name: string): boolean {
  return /^(builder|cli|drivers|runtime|test)\//.test(name);
}

function sameHouse(a: string, b: string): boolean {
  return a === b || a.startsWith(`${b}/`) || b.startsWith(`${a}/`);
}

/** One circle through each node that lies on one: `a -> b -> a`. */
function circles(graph: readonly Edge[]): string[] {
  const next = Map.groupBy(graph, ([from]) => from);
  const found = new Set<string>();
  const done = new Set<string>();
  const walk = (node: string, trail: readonly string[]): void => {
    const seen = trail.indexOf(node);
    if (seen >= 0) found.add([...trail.slice(seen), node].join(' -> '));
    if (seen >= 0 || done.has(node)) return;
    for (const [, to] of next.get(node) ?? []) walk(to, [...trail, node]);
    done.add(node);
  };
  for (const node of next.keys()) walk(node, []);
  return [...found];
}
