import { readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { fillIn, parametersOf } from '../../../builder/template-parameters.ts';
import { listTemplates, newSequence } from '../../../builder/templates.ts';
import { RecordedMachine } from '../../../runtime/contract/recorded-machine.ts';
import { checkDocument } from '../../../runtime/sequence/document.ts';
import { loadSequence } from '../../../runtime/sequence/load.ts';
import { definitionOf, flattenSteps, type Sequence } from '../../../runtime/sequence/schema.ts';
import { ROOT } from '../../helpers/sources.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const NAMES = [
  'capture-and-restore-user-state',
  'capture-image',
  'compatibility-scan',
  'custom',
  'data-wipe',
  'install-image',
  'upgrade-in-place',
];
const NOTHING = new Map<string, string>();

const textOf = (name: string): Promise<string> => readFile(join(ROOT, 'templates/sequences', `${name}.yaml`), 'utf8');

async function load(name: string): Promise<Sequence> {
  const { sequence, problems } = loadSequence(await textOf(name), name);
  expect(problems).toEqual([]);
  return sequence as Sequence;
}

it('lists every template with what it is for and what it takes', async () => {
  const templates = await listTemplates();
  expect(templates.map(({ name }) => name)).toEqual(NAMES);
  for (const { name, title, description, parameters } of templates) {
    expect(
      [title, description].every((text) => text.length > 0),
      name,
    ).toBe(true);
    expect(parameters.slice(0, 2).map((parameter) => parameter.name)).toEqual(['id', 'name']);
    for (const parameter of parameters) {
      expect(parameter.description, `${name}: ${parameter.name}`).not.toBe('');
      expect(parameter.default, `${name}: ${parameter.name}`).not.toBe('');
    }
  }
  const install = templates.find(({ name }) => name === 'install-image');
  expect(install?.parameters).toContainEqual({
    name: 'image',
    default: 'windows-11',
    description: 'The Windows image',
  });
});

describe.each(NAMES)('%s', (name) => {
  it.each(['winpe', 'linux'] as const)('has no problems in a project for %s with its content', async (platform) => {
    const sequence = await load(name);
    const { needs } = await newSequence(name, { out: join(await temporaryFolder(), 'new.yaml'), values: NOTHING });
    const known = { platform, ...needs, variables: [], sequences: new Map([[sequence.id, sequence]]) };
    expect(loadSequence(await textOf(name), name, known).problems).toEqual([]);
  });

  it('is of high impact when it erases, upgrades or generalises', async () => {
    const { steps, highImpact } = await load(name);
    const grave = flattenSteps(steps).some(
      (step) =>
        definitionOf(step).traits.destructive ||
        step.step === 'prepare-windows-for-capture' ||
        (step.step === 'upgrade-operating-system' && !step.scanOnly),
    );
    expect(highImpact).toBe(grave);
  });

  it('becomes a sequence with the same meaning, all its comments and no names of parameters', async () => {
    const out = join(await temporaryFolder(), 'new.yaml');
    const { sequence } = await newSequence(name, { out, values: NOTHING });
    expect(sequence).toEqual(await load(name));
    const written = (await readFile(out, 'utf8')).split('\n');
    const template = (await textOf(name)).split('\n');
    expect(written.slice(1)).toEqual(template.slice(1).map((line) => line.replace(/ # <\w+>$|(?<= # )<\w+> /, '')));
    const schema = /^# yaml-language-server: \$schema=(.+)$/.exec(written[0] ?? '')?.[1] ?? '';
    expect(resolve(dirname(out), schema)).toBe(join(ROOT, 'docs/reference/sequence.schema.json'));
  });
});

describe('a new sequence', () => {
  it('has the values given at every place', async () => {
    const out = join(await temporaryFolder(), 'new.yaml');
    const values = new Map([
      ['id', 'office'],
      ['usmt', "Ann's USMT: 10"],
      ['stateStore', '\\\\files\\state\\%OSDComputerName%'],
    ]);
    const { sequence, needs } = await newSequence('install-image', { out, values });
    expect(sequence.id).toBe('office');
    expect(needs.packages).toContain("Ann's USMT: 10");
    expect(needs.packages).not.toContain('usmt');
    const stores = flattenSteps(sequence.steps).flatMap((step) =>
      step.step === 'request-state-store' ? (step.storePath ?? []) : [],
    );
    expect(stores).toEqual(['\\\\files\\state\\%OSDComputerName%']);
    expect(loadSequence(await readFile(out, 'utf8'), out).sequence).toEqual(sequence);
  });

  it('overwrites nothing', async () => {
    const out = join(await temporaryFolder(), 'precious.yaml');
    await writeFile(out, 'precious');
    await expect(newSequence('custom', { out, values: NOTHING })).rejects.toMatchObject({ code: 'OUTPUT_EXISTS' });
    expect(await readFile(out, 'utf8')).toBe('precious');
  });

  it.each([
    ['instal-image', {}, { code: 'TEMPLATE_NOT_FOUND', hint: 'Did you mean "install-image"?' }],
    ['../examples/demo/install', {}, { code: 'TEMPLATE_NOT_FOUND' }],
    ['install-image', { imgae: 'x' }, { code: 'USAGE', hint: 'Did you mean "image"?' }],
    ['install-image', { image: '' }, { code: 'USAGE' }],
    ['install-image', { image: 'a\nsteps: []' }, { code: 'USAGE' }],
    ['install-image', { id: 'Not An Id' }, { code: 'SEQUENCE_INVALID' }],
  ])('%s with %j is refused, and nothing is written', async (name, values, error) => {
    const folder = await temporaryFolder();
    const wish = { out: join(folder, 'new.yaml'), values: new Map(Object.entries(values)) };
    await expect(newSequence(name, wish)).rejects.toMatchObject(error);
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('parameters', () => {
  const TEMPLATE = [
    '# image: x # <comment> in a comment is none',
    'a: plain text # <first> The first',
    "b: 'it''s' # <second> The second",
    'list:',
    '  - one # <third> The third',
    '  - c: plain text # <first>',
    'd: kept # without a name',
  ].join('\n');

  it('are the values with a name behind them', () => {
    expect(parametersOf(TEMPLATE)).toEqual([
      { name: 'first', default: 'plain text', description: 'The first' },
      { name: 'second', default: "it's", description: 'The second' },
      { name: 'third', default: 'one', description: 'The third' },
    ]);
  });

  it.each([
    'simple',
    'two words',
    'true',
    'Null',
    '12',
    '1.0',
    '*',
    '- item',
    '# no comment',
    'a # b',
    'key: value',
    '[a]',
    "it's",
    '"quoted"',
    '\\\\server\\share$\\%Name%',
    'C:',
    ' padded ',
    'Ünïcode ✓',
    '$& $1',
  ])('take %j as it is', (value) => {
    const Texts = z.strictObject({
      a: z.string(),
      b: z.string(),
      list: z.tuple([z.string(), z.strictObject({ c: z.string() })]),
      d: z.string(),
    });
    const values = new Map(['first', 'second', 'third'].map((name) => [name, value]));
    const { value: read, problems } = checkDocument(Texts, fillIn(TEMPLATE, values), 'x', 'SEQUENCE_INVALID');
    expect(problems).toEqual([]);
    expect(read).toEqual({ a: value, b: value, list: [value, { c: value }], d: 'kept' });
  });

  it('keep their comments', () => {
    const text = fillIn(TEMPLATE, new Map([['first', 'other']]));
    expect(text.split('\n')).toEqual([
      '# image: x # <comment> in a comment is none',
      'a: other # The first',
      "b: 'it''s' # The second",
      'list:',
      '  - one # The third',
      '  - c: other',
      'd: kept # without a name',
    ]);
  });
});

describe('recorded machines', async () => {
  const folder = join(ROOT, 'templates/machines');
  const files = (await readdir(folder)).sort();

  it('are seven', () => {
    expect(files).toHaveLength(7);
  });

  it.each(files)('%s is one, and what it says of itself agrees', async (file) => {
    const recorded = JSON.parse(await readFile(join(folder, file), 'utf8'));
    const machine = RecordedMachine.parse(recorded);
    expect(machine).toMatchObject(recorded);
    for (const { mac } of machine.networkAdapters) expect(machine.macAddresses).toContain(mac);
    expect(machine.uuid).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    if (machine.environment === 'windows') expect(machine.operatingSystem).toBeDefined();
    // A Windows lies on a disk that has something on it, and what has an empty disk has none.
    expect(machine.disks.some(({ empty }) => !empty)).toBe(machine.operatingSystem !== undefined);
    expect(machine.onBattery && machine.batteries.length === 0).toBe(false);
    expect(machine.firmware === 'bios' && machine.secureBoot).toBe(false);
    expect(machine.processorMegahertz).toBe(machine.processors[0]?.megahertz);
    expect(new Set(machine.disks.map(({ device }) => device)).size).toBe(machine.disks.length);
  });
});
