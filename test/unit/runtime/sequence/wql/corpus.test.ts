import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compileWql } from '../../../../../runtime/sequence/wql/compile.ts';
import { parseWql } from '../../../../../runtime/sequence/wql/parse.ts';
import { WqlError } from '../../../../../runtime/sequence/wql/wql-error.ts';

const DATA = join(import.meta.dirname, '../../../../../../shared/data/ts');
const EXPRESSION = /type="SMS_TaskSequence_WMIConditionExpression">([\s\S]*?)<\/expression>/g;

type Asked = { query: string; namespace: string };

async function readQueries(): Promise<Asked[]> {
  const names = (await readdir(DATA)).filter((name) => name.endsWith('.xml'));
  const texts = await Promise.all(names.map((name) => readFile(join(DATA, name), 'utf8')));
  return texts.flatMap((text) =>
    [...text.matchAll(EXPRESSION)].map(([, inside = '']) => ({
      query: variable(inside, 'Query'),
      namespace: variable(inside, 'Namespace'),
    })),
  );
}

function variable(xml: string, name: string): string {
  const text = new RegExp(`name="${name}"[^>]*>([^<]*)<`).exec(xml)?.[1] ?? '';
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&');
}

function compiles({ query, namespace }: Asked): boolean {
  try {
    compileWql(parseWql(query), namespace);
    return true;
  } catch (error) {
    if (error instanceof WqlError) return false;
    throw error;
  }
}

describe.skipIf(!existsSync(DATA))('the WQL queries in the sequences of the shared data', async () => {
  const all = existsSync(DATA) ? await readQueries() : [];

  it('are there', () => {
    expect(all.length).toBeGreaterThan(400);
  });

  it('can all be read', () => {
    expect(all.map(({ query }) => parseWql(query).className.text).filter((name) => name === '')).toEqual([]);
  });

  it('can all be answered but those about vendors’ own classes', () => {
    const refused = all.filter((asked) => !compiles(asked));
    const classes = new Set(refused.map(({ query, namespace }) => `${namespace} ${parseWql(query).className.text}`));
    console.info(
      `${all.length} queries, ${refused.length} about classes that are not there: ${[...classes].join(', ')}`,
    );
    expect([...classes].filter((name) => !/(HP|Lenovo)_\w+$/i.test(name))).toEqual([]);
  });
});
