import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { infArchitectures } from '../../../drivers/inf-architectures.ts';
import { type InfText, parseInf } from '../../../drivers/inf-text.ts';
import { type InfVersion, infVersion } from '../../../drivers/inf-version.ts';

const DATA = join(import.meta.dirname, '../../../../shared/data');

type Read = { name: string; inf: InfText; version: InfVersion; architectures: string[]; features: Set<string> };

describe.skipIf(!existsSync(DATA))('the INFs in the shared data', async () => {
  const all = existsSync(DATA) ? [...(await readAll('inf')), ...(await readAll('inf-negative'))] : [];

  it('are all read', () => {
    const drivers = all.filter(({ architectures }) => architectures.length > 0);
    const entries = all.flatMap(({ inf }) => [...inf.sections.values()].map((section) => section.entries.length));
    console.info(
      `${all.length} INFs, ${drivers.length} with drivers, ${entries.length} sections, ${entries.reduce((a, b) => a + b)} entries`,
    );
    expect(all.length).toBeGreaterThan(900);
    expect(drivers.length).toBeGreaterThan(600);
  });

  it.each([
    ['no-version', ({ inf }: Read) => !inf.sections.has('version')],
    ['no-manufacturer', ({ inf }: Read) => !inf.sections.has('manufacturer')],
    ['no-strings', ({ inf }: Read) => !inf.sections.has('strings')],
    ['no-classguid', ({ version }: Read) => version.classGuid === undefined],
    ['enc:utf-16le-bom', ({ inf }: Read) => inf.encoding === 'utf-16le'],
    ['enc:8bit', ({ inf }: Read) => inf.encoding === 'windows-1252'],
  ])('have the feature %s where the list of features says so, and nowhere else', (feature, has) => {
    expect(all.some(({ features }) => features.has(feature))).toBe(true);
    expect(all.filter((read) => read.features.has(feature) !== has(read)).map(({ name }) => name)).toEqual([]);
  });

  it('have the class that the list names, tokens apart', () => {
    const other = all.filter(({ version, features }) => {
      const named = [...features].find((feature) => feature.startsWith('class:'))?.slice('class:'.length);
      return named !== undefined && !named.startsWith('%') && named !== (version.class ?? 'none').toLowerCase();
    });
    expect(other.map(({ name }) => name)).toEqual([]);
  });

  // The list goes by [Manufacturer]: a section named there may be empty or missing, and a primitive driver has none.
  it.each(['amd64', 'arm64', 'ia64'])('have %s where the list has it, but for sections that name no device', (name) => {
    for (const { inf, architectures, features } of all) {
      if (features.has(`dec:nt${name}`) && !architectures.includes(name)) {
        const filled = [...inf.sections].filter(([key, { entries }]) => isModels(inf, key, name) && entries.length > 0);
        expect(filled).toEqual([]);
      }
      if (!features.has(`dec:nt${name}`) && architectures.includes(name)) {
        expect([...inf.sections.keys()]).toContainEqual(expect.stringMatching(`^defaultinstall\\.nt${name}`));
      }
    }
  });
});

function isModels(inf: InfText, section: string, architecture: string): boolean {
  const names = (inf.sections.get('manufacturer')?.entries ?? []).map(({ values }) => values[0]?.toLowerCase());
  return names.some((name) => section.startsWith(`${name}.nt${architecture}`));
}

async function readAll(kind: string): Promise<Read[]> {
  const features = await readFeatures();
  const names = (await readdir(join(DATA, kind))).sort();
  return Promise.all(
    names.map(async (file) => {
      const inf = parseInf(await readFile(join(DATA, kind, file)));
      const name = `${kind}/${file}`;
      const known = features.get(name) ?? new Set();
      return { name, inf, version: infVersion(inf), architectures: infArchitectures(inf), features: known };
    }),
  );
}

async function readFeatures(): Promise<Map<string, Set<string>>> {
  const rows = (await readFile(join(DATA, 'INF-FEATURES.tsv'), 'utf8')).split(/\r?\n/).slice(1);
  return new Map(
    rows.map((row) => {
      const [file = '', , , features = ''] = row.split('\t');
      return [file, new Set(features.trim().split(','))];
    }),
  );
}
