import { describe, expect, it } from 'vitest';
import { HEAD, loadText, SEQUENCE } from '../../../helpers/project.ts';

const REST = 'sequences: [a.yaml]\noutputs: [{ iso: out.iso }]\n';
const PACKAGES = 'packages: [{ name: p, source: /p }]\n';

/** Errors as `line:column message`, with the project's folder left out. */
async function errors(mediaYaml: string, files?: Record<string, string>): Promise<string[]> {
  const { problems, folder } = await loadText(mediaYaml, files);
  return problems
    .filter(({ severity }) => severity === 'error')
    .map(({ line, column, message }) => `${line}:${column} ${message.replaceAll(`${folder}/`, '')}`);
}

describe('applications', () => {
  const applications = (...lines: string[]) =>
    `${PACKAGES}applications:\n${lines.map((line) => `  - ${line}\n`).join('')}`;
  const app = (name: string, ...dependsOn: string[]) =>
    `{ name: ${name}, package: p, command: setup /s, dependsOn: [${dependsOn.join(', ')}] }`;

  it('come with everything they depend on, in the order in which it is installed', async () => {
    const text = applications(
      app('office', 'fonts', 'runtime'),
      app('runtime', 'base'),
      app('fonts', 'base'),
      app('base'),
    );
    const { project } = await loadText(HEAD + text + REST);
    expect(project?.applications).toMatchObject([
      { name: 'office', dependsOn: ['base', 'fonts', 'runtime'], successCodes: [0, 1641, 3010] },
      { name: 'runtime', dependsOn: ['base'] },
      { name: 'fonts', dependsOn: ['base'] },
      { name: 'base', dependsOn: [] },
    ]);
  });

  it('must be there, and their packages, at the word that names them', async () => {
    const text = applications(app('office', 'runtme'), app('runtime'), '{ name: b, package: q, command: [a] }');
    expect(await errors(HEAD + text + REST)).toEqual([
      '5:64 there is no application named "runtme"',
      '7:16 there is no package named "q"',
    ]);
  });

  it('may not depend on themselves, each circle once', async () => {
    const text = applications(app('a', 'b'), app('b', 'c'), app('c', 'a', 'd'), app('d', 'd'), app('e', 'a'));
    expect(await errors(HEAD + text + REST)).toEqual([
      '5:59 "a" depends on itself: a > b > c > a',
      '8:59 "d" depends on itself: d > d',
    ]);
  });

  it('may not be called the same', async () => {
    expect(await errors(HEAD + applications(app('a'), app('a')) + REST)).toEqual(['6:7 "a" stands here a second time']);
  });

  it('may form a long chain', async () => {
    const chain = Array.from({ length: 1000 }, (_, n) => app(`a${n}`, ...(n === 0 ? [] : [`a${n - 1}`])));
    const { project } = await loadText(HEAD + applications(...chain) + REST);
    expect(project?.applications.at(-1)?.dependsOn).toEqual(Array.from({ length: 999 }, (_, n) => `a${n}`));
  });
});

describe('variables', () => {
  it('with a secret value are refused where it stands', async () => {
    const text = 'variables:\n  - { name: A, value: b }\n  - { name: C, secret: true, value: hidden }\n';
    const { problems } = await loadText(HEAD + text + REST);
    expect(problems).toMatchObject([
      { line: 5, column: 30, message: expect.stringContaining('on the medium in clear'), hint: expect.any(String) },
    ]);
    expect(JSON.stringify(problems)).not.toContain('hidden');
  });

  it('without a value are questions, which an unattended medium does not have', async () => {
    const text = 'variables: [{ name: A }, { name: B, value: "" }, { name: C, value: c }]\n';
    expect(await errors(HEAD + text + REST)).toEqual([]);
    expect(await errors(`${HEAD}unattended: true\n${text}${REST}`)).toEqual([
      '4:15 "A" would be a question, and nobody is asked on an unattended medium',
      '4:28 "B" would be a question, and nobody is asked on an unattended medium',
    ]);
  });

  it('stand there once, whatever their case, and not by a name of the engine', async () => {
    expect(await errors(`${HEAD}variables: [{ name: A, value: a }, { name: a, value: b }]\n${REST}`)).toEqual([
      '3:38 "a" stands here a second time',
    ]);
    expect(await errors(`${HEAD}variables: [{ name: _SMSTSMake, value: a }]\n${REST}`)).toHaveLength(1);
  });

  it('are known to the sequences, with those of the machines file', async () => {
    const steps = '  - { step: run-command-line, command: ["%Site%", "%Room%", "%Other%"] }\n';
    const { problems } = await loadText(`${HEAD}variables: [{ name: site, value: x }]\nmachines: m.yaml\n${REST}`, {
      'a.yaml': SEQUENCE.replace(/ {2}- .*/, steps),
      'm.yaml': 'formatVersion: 1\nmachines:\n  - match: { serial: "1" }\n    variables: { Room: 7 }\n',
    });
    expect(problems.map(({ message }) => message)).toEqual(['nothing sets the variable "Other"']);
  });
});

describe('the machines file', () => {
  const project = (machines: string, media = '') =>
    loadText(`${HEAD}${media}machines: m.yaml\n${REST}`, { 'a.yaml': SEQUENCE, 'm.yaml': machines });

  it('is read, its values as texts', async () => {
    const { project: found } = await project(
      'formatVersion: 1\ncollections: [{ name: all, variables: { A: 1, B: true } }]\n',
    );
    expect(found?.machines?.value).toMatchObject({ collections: [{ variables: { A: '1', B: 'true' } }], machines: [] });
  });

  it('has its problems at their place in it', async () => {
    const { problems, folder } = await project(
      'formatVersion: 1\nmachines:\n  - match: { serail: x }\n    variables: {}\n',
    );
    expect(problems).toMatchObject([
      { file: `${folder}/m.yaml`, line: 3, column: 5 },
      { file: `${folder}/m.yaml`, line: 3, hint: 'Did you mean "serial"?' },
    ]);
  });

  it('must be there', async () => {
    expect(await errors(`${HEAD}machines: m.yaml\n${REST}`)).toEqual(['3:1 cannot read m.yaml']);
  });

  it('may not give a value to what media.yaml calls secret', async () => {
    const { problems } = await project(
      'formatVersion: 1\nmachines: [{ match: { serial: x }, variables: { pin: "1" } }]\n',
      'variables: [{ name: PIN, secret: true }]\n',
    );
    expect(problems).toMatchObject([{ line: 3, message: expect.stringContaining('in clear') }]);
  });
});

describe('sequences', () => {
  it('may run each other, and must be there', async () => {
    const call = (id: string, child: string) =>
      `formatVersion: 2\nid: ${id}\nname: N\nsteps:\n  - { step: run-sequence, sequence: ${child} }\n`;
    const text = `${HEAD}sequences: [a.yaml, b.yaml]\noutputs: [{ iso: out.iso }]\n`;
    expect(await errors(text, { 'a.yaml': call('a', 'b'), 'b.yaml': SEQUENCE.replace('id: a', 'id: b') })).toEqual([]);
    const { problems, folder } = await loadText(text, { 'a.yaml': call('a', 'b'), 'b.yaml': call('b', 'a') });
    expect(problems.map(({ file, line, column, message }) => `${file}:${line}:${column} ${message}`)).toEqual([
      `${folder}/a.yaml:5:27 the sequence calls itself: a > b > a`,
      `${folder}/b.yaml:5:27 the sequence calls itself: b > a > b`,
    ]);
    expect(await errors(text, { 'a.yaml': call('a', 'bb'), 'b.yaml': call('b', 'c') })).toEqual([
      '5:27 there is no sequence "bb" in the project',
      '5:27 there is no sequence "c" in the project',
    ]);
  });

  it('are held against each other although one of them cannot be read', async () => {
    const call = (id: string, ...children: string[]) =>
      `formatVersion: 2\nid: ${id}\nname: N\nsteps:\n${children.map((child) => `  - { step: run-sequence, sequence: ${child} }\n`).join('')}`;
    const text = `${HEAD}sequences: [a.yaml, b.yaml, c.yaml]\npreferredSequence: ID\noutputs: [{ iso: out.iso }]\n`;
    const files = { 'a.yaml': call('a', 'b', 'c', 'gone'), 'b.yaml': call('b', 'a') };
    const broken = 'steps: [{ step: no-such }]\n';
    const around = ['5:27 the sequence calls itself: a > b > a', '5:27 the sequence calls itself: b > a > b'];
    const withId = await errors(text.replace('ID', 'x'), {
      ...files,
      'c.yaml': `formatVersion: 2\nid: "c" # it\n${broken}`,
    });
    expect(withId).toEqual(expect.arrayContaining(around));
    expect(withId).toContain('7:27 there is no sequence "gone" in the project');
    expect(withId).toContain('4:1 no sequence of the project has the id "x"');
    expect(withId.join()).not.toContain('no sequence "c"');
    // Where not even the id can be told, it may be any that is missing.
    const without = await errors(text.replace('ID', 'x'), { ...files, 'c.yaml': 'formatVersion: 2\nid: [' });
    expect(without).toEqual(expect.arrayContaining(around));
    expect(without.join()).not.toMatch(/no sequence/);
  });

  it('have one that is preferred only if it is there', async () => {
    expect(await errors(`${HEAD}preferredSequence: a\n${REST}`)).toEqual([]);
    expect(await errors(`${HEAD}preferredSequence: b\n${REST}`)).toEqual([
      '3:1 no sequence of the project has the id "b"',
    ]);
  });

  it('of more than 16 MB are refused for what they are', async () => {
    const large = `${SEQUENCE}${'#'.repeat(17 * 1024 ** 2)}`;
    const { problems } = await loadText(HEAD + REST, { 'a.yaml': large });
    expect(problems).toMatchObject([
      { code: 'SEQUENCE_INVALID', line: 3, message: expect.stringContaining('too large') },
    ]);
  });
});
