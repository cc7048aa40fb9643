import { existsSync, readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadProject } from '../builder/config/load.ts';
import { buildProgram } from '../cli/program.ts';
import { wizardFlags } from '../cli/wizard/flags.ts';
import { ERROR_CODES } from '../runtime/contract/errors.ts';
import { VERSION } from '../runtime/contract/version.ts';
import { topLevelKeys } from '../runtime/sequence/document.ts';
import { loadSequence } from '../runtime/sequence/load.ts';
import { ROOT } from './helpers/sources.ts';

const PAGES = [
  ...(await readdir(ROOT)),
  ...(await readdir(join(ROOT, 'docs'), { recursive: true })).map((path) => `docs/${path}`),
]
  .filter((path) => path.endsWith('.md'))
  .sort();
const EXAMPLES = (await readdir(join(ROOT, 'templates'), { recursive: true }))
  .filter((path) => path.endsWith('.yaml'))
  .sort();

describe('package.json', () => {
  it('has the version that the programs say they have', async () => {
    const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { version: string };
    expect(VERSION).toBe(version);
  });
});

describe.each(PAGES)('%s', (page) => {
  const text = readFileSync(join(ROOT, page), 'utf8');

  it('names only commands and options there are', () => {
    const commands = new Map(
      buildProgram(wizardFlags()).commands.flatMap((command) => [
        [command.name(), command] as const,
        ...command.commands.map((inner) => [`${command.name()} ${inner.name()}`, inner] as const),
      ]),
    );
    const unknown = [...text.matchAll(/^(?:\$ )?(?:npx )?mediasmith +([a-z][a-z-]*)(.*)$/gm)].flatMap(
      ([line, name = '', rest = '']) => {
        const inner = commands.get(`${name} ${rest.trim().split(' ')[0]}`);
        const known = (inner ?? commands.get(name))?.options.map(({ long }) => long);
        if (known === undefined) return [line];
        return (rest.replace(/#.*/, '').match(/--[a-z-]+/g) ?? [])
          .filter((option) => option !== '--help' && !known.includes(option))
          .map((option) => `${line}: ${option}`);
      },
    );
    expect(unknown).toEqual([]);
  });

  it('names only error codes there are', () => {
    const named = [...text.matchAll(/^\| (`[A-Z]+(?:_[A-Z]+)+`[^|]*)\|/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/`([A-Z]+(?:_[A-Z]+)+)`/g)].map(([, code = '']) => code),
    );
    expect(named.filter((code) => !Object.hasOwn(ERROR_CODES, code))).toEqual([]);
  });

  it('links only to headings there are', () => {
    const links = [...text.matchAll(/\]\((?!https?:)([^)#\s]*)#([^)]+)\)/g)];
    const broken = links.filter(([, target = '', heading = '']) => {
      const file = target === '' ? page : join(dirname(page), target);
      return !headingsOf(readFileSync(join(ROOT, file), 'utf8')).includes(heading);
    });
    expect(broken.map(([link]) => link)).toEqual([]);
  });

  it('links only to files there are', () => {
    const links = [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)(#[^)]*)?\)/g)].map(([, target]) => target ?? '');
    expect(links.filter((target) => !existsSync(join(ROOT, dirname(page), target)))).toEqual([]);
  });
});

describe('templates', () => {
  it('hold examples', () => {
    expect(EXAMPLES).toEqual(expect.arrayContaining(['examples/demo/media.yaml', 'examples/winpe/media.yaml']));
  });

  it.each(EXAMPLES)('%s has no problems', async (path) => {
    const file = join(ROOT, 'templates', path);
    const text = await readFile(file, 'utf8');
    const isProject = topLevelKeys(text).includes('outputs');
    const { problems } = isProject ? await loadProject(file) : loadSequence(text, file);
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  });
});

/** The names a web page gives to the headings of a document. */
function headingsOf(text: string): string[] {
  const headings = [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => heading.toLowerCase());
  return headings.map((heading) => heading.replace(/[^a-z0-9 -]/g, '').replaceAll(' ', '-'));
}
