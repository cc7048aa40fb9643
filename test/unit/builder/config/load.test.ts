import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadProject, loadProjectOrThrow } from '../../../../builder/config/load.ts';
import { HEAD, loadText, SEQUENCE } from '../../../helpers/project.ts';
import { temporaryFolder, writeFiles } from '../../../helpers/temporary-folder.ts';

const REST = 'sequences: [a.yaml]\noutputs: [{ iso: out.iso }]\n';

/** What is found, as `line:column code message`, with the project's folder left out. */
async function findings(mediaYaml: string, files?: Record<string, string>): Promise<string[]> {
  const { problems, folder } = await loadText(mediaYaml, files);
  return problems.map(
    ({ line, column, code, message }) => `${line}:${column} ${code} ${message.replaceAll(`${folder}/`, '')}`,
  );
}

describe('a project in order', () => {
  it('has defaults, absolute paths and its sequences', async () => {
    const images = 'images: [{ name: w, source: w.wim }, { name: x, source: /else/x.wim, image: Pro }]\n';
    const packages = 'packages: [{ name: p, source: ./deep/../p }]\n';
    const files = { 'a.yaml': SEQUENCE, 'w.wim': '', 'p/file': '' };
    const { project, problems, folder } = await loadText(HEAD + images + packages + REST, files);
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(project).toMatchObject({
      file: join(folder, 'media.yaml'),
      label: 'MEDIASMITH',
      bootEnvironment: 'linux',
      unattended: false,
      images: [
        { name: 'w', source: join(folder, 'w.wim'), image: 1 },
        { name: 'x', source: '/else/x.wim', image: 'Pro' },
      ],
      packages: [{ name: 'p', source: join(folder, 'p') }],
      sequences: [{ file: join(folder, 'a.yaml'), sequence: { id: 'a', onFailure: 'shell' } }],
      outputs: [{ iso: join(folder, 'out.iso') }],
    });
  });

  it('may be checked where its sources are not: they are warned of', async () => {
    const { project, problems } = await loadText(`${HEAD}images: [{ name: w, source: w.wim }]\n${REST}`);
    expect(project).toBeDefined();
    expect(problems).toMatchObject([{ severity: 'warning', code: 'SOURCE_NOT_FOUND', line: 3, column: 21 }]);
  });

  it('may have names that begin with two dots', async () => {
    const { problems } = await loadText(`${HEAD}sequences: [..a.yaml]\noutputs: [{ iso: ...iso/..out.iso }]\n`, {
      '..a.yaml': SEQUENCE,
    });
    expect(problems).toEqual([]);
  });
});

describe('every mistake is found at its place', () => {
  it.each([
    ['formatVersion: 2', '1:1 PROJECT_INVALID formatVersion: "2" is not known here'],
    ['label: lower', '3:1 PROJECT_INVALID label: a volume label has capital letters, digits and _'],
    [`label: ${'A'.repeat(33)}`, '3:1 PROJECT_INVALID label: a volume label has at most 32 characters'],
    ['unattended: yes please', '3:1 PROJECT_INVALID unattended: invalid input: expected boolean, received string'],
    ['bootEnvironment: dos', '3:1 PROJECT_INVALID bootEnvironment: "dos" is not known here'],
    [
      'bootEnvironment: winpe',
      '1:1 PROJECT_INVALID winpe: bootEnvironment winpe and the field winpe belong together: give both or neither',
    ],
    ['imagse: []', '3:1 PROJECT_INVALID unknown key "imagse"'],
    ['images: [{ name: w, sourec: w.wim }]', '3:10 PROJECT_INVALID "source" is missing'],
    ['images: [{ name: w w, source: w.wim }]', '3:12 PROJECT_INVALID images.0.name: letters, digits, dot'],
    ['images: [{ name: w, source: w.wim, image: 0 }]', '3:36 PROJECT_INVALID images.0.image: '],
    ['packages: [{ name: ../p, source: p }]', '3:14 PROJECT_INVALID packages.0.name: letters, digits, dot'],
    ['packages: { name: p, source: p }', '3:1 PROJECT_INVALID packages: invalid input: expected array'],
  ])('%s', async (line, finding) => {
    const head = line.startsWith('formatVersion') ? `${line}\nname: Test\n` : `${HEAD}${line}\n`;
    expect(await findings(head + REST)).toContainEqual(expect.stringContaining(finding));
  });

  it.each([
    ['no outputs', 'sequences: [a.yaml]\n', '1:1 PROJECT_INVALID "outputs" is missing'],
    ['no sequences', 'sequences: []\noutputs: [{ iso: out.iso }]\n', '3:1 PROJECT_INVALID sequences: '],
    [
      'an output of an unknown kind',
      'sequences: [a.yaml]\noutputs: [{ floppy: a.img }]\n',
      '4:13 PROJECT_INVALID unknown key "floppy"',
    ],
    [
      'an output of another name',
      'sequences: [a.yaml]\noutputs: [{ iso: out.img }]\n',
      '4:13 PROJECT_INVALID outputs.0.iso: a path that ends in .iso',
    ],
  ])('%s', async (_, rest, finding) => {
    expect(await findings(HEAD + rest)).toContainEqual(expect.stringContaining(finding));
  });

  it.each([
    ['wimboot: wimboot, wimbootSha256: HASH', 'pxe with winpe needs url: '],
    ['url: "http://server/"', 'pxe with winpe needs wimboot and wimbootSha256'],
    ['url: "http://server/", wimboot: wimboot, wimbootSha256: HASH', undefined],
  ])('a network start of Windows PE that cannot work: %s', async (options, finding) => {
    const output = options.replace('HASH', 'a'.repeat(64));
    const winpe = 'bootEnvironment: winpe\nwinpe: { source: boot.wim }\n';
    const found = await findings(`${HEAD}${winpe}sequences: [a.yaml]\noutputs: [{ pxe: tree, ${output} }]\n`);
    const about = found.filter((line) => line.includes('pxe with winpe'));
    expect(about).toEqual(
      finding === undefined ? [] : [expect.stringContaining(`PROJECT_INVALID outputs: ${finding}`)],
    );
  });

  it.each([
    ['images: [{ name: w, source: ../w.wim }]', 3, 21],
    ['packages: [{ name: p, source: a/../../p }]', 3, 23],
    ['packages: [{ name: p, source: .. }]', 3, 23],
  ])('a path that leaves the folder: %s', async (line, row, column) => {
    const found = await findings(`${HEAD}${line}\n${REST}`);
    expect(found).toContainEqual(
      expect.stringMatching(new RegExp(`^${row}:${column} PATH_OUTSIDE .* leaves the project's folder$`)),
    );
  });

  it('paths of sequences and outputs that leave the folder', async () => {
    const found = await findings(`${HEAD}sequences: [../a.yaml]\noutputs: [{ iso: ../out.iso }]\n`);
    expect(found).toContainEqual(expect.stringContaining('3:13 PATH_OUTSIDE'));
    expect(found).toContainEqual(expect.stringContaining('4:13 PATH_OUTSIDE'));
  });

  it('names that stand twice', async () => {
    const images = 'images: [{ name: w, source: /a.wim }, { name: x, source: /a.wim }, { name: w, source: /b.wim }]\n';
    const packages = 'packages: [{ name: p, source: /p }, { name: p, source: /q }]\n';
    const outputs = 'sequences: [a.yaml, b.yaml]\noutputs:\n  - iso: out.iso\n  - iso: ./out.iso\n';
    const files = { 'a.yaml': SEQUENCE, 'b.yaml': SEQUENCE };
    const found = (await findings(HEAD + images + packages + outputs, files)).filter((line) =>
      line.includes('PROJECT_INVALID'),
    );
    expect(found).toEqual([
      expect.stringMatching(/^3:70 .*"w"/),
      expect.stringMatching(/^4:39 .*"p"/),
      expect.stringMatching(/^8:5 .*out\.iso/),
      expect.stringMatching(/^5:21 .*two sequences have the id "a"/),
    ]);
  });

  it('a sequence that cannot be read', async () => {
    expect(await findings(HEAD + REST, {})).toEqual(['3:13 SOURCE_NOT_FOUND cannot read a.yaml']);
  });

  it('a mistake in a sequence, in that file', async () => {
    const { problems, folder } = await loadText(HEAD + REST, {
      'a.yaml': SEQUENCE.replace('restart-computer', 'restart'),
    });
    expect(problems).toMatchObject([{ file: join(folder, 'a.yaml'), line: 5, column: 5 }]);
  });

  it('content that a sequence uses and the project does not have', async () => {
    const steps = '  - { step: apply-operating-system, image: w }\n  - { step: apply-driver-package, package: p }\n';
    const { problems } = await loadText(HEAD + REST, { 'a.yaml': SEQUENCE.replace(/ {2}- .*/, steps) });
    expect(problems.map(({ line }) => line)).toEqual([5, 6]);
  });

  it('a text that is no YAML', async () => {
    expect(await findings('name: [open\n')).toEqual([expect.stringContaining('YAML_SYNTAX')]);
  });
});

describe('as an error', () => {
  it('carries every problem, and their code where they agree on one', async () => {
    const folder = await temporaryFolder();
    const path = join(folder, 'media.yaml');
    await writeFiles(folder, {
      'a.yaml': SEQUENCE,
      'media.yaml': `${HEAD}packages: [{ name: p, source: ../p }]\n${REST}`,
    });
    await expect(loadProjectOrThrow(path)).rejects.toMatchObject({
      code: 'PATH_OUTSIDE',
      message: `${path} has a problem`,
    });
    await writeFiles(folder, {
      'media.yaml': `${HEAD}packages: [{ name: p, source: ../p }, { name: p, source: /q }]\n${REST}`,
    });
    await expect(loadProjectOrThrow(path)).rejects.toMatchObject({
      code: 'PROJECT_INVALID',
      message: `${path} has 2 problems`,
    });
  });

  it('is one of its own where there is no project', async () => {
    const path = join(await temporaryFolder(), 'media.yaml');
    await expect(loadProject(path)).rejects.toMatchObject({ code: 'PROJECT_NOT_FOUND', where: path });
  });
});

describe('every problem says what to write instead', () => {
  it.each([
    [`label: ${'A'.repeat(40)}`, 'Shorten it by 8 characters.'],
    ['label: lower', 'For example "label: BRANCH_OFFICE".'],
    ['unattended: yes please', 'Write true or false, without quotation marks.'],
    ['images: [{ name: w, source: w.wim, image: 0 }]', 'Write 1 or more. (image: '],
    ['images: [{ name: w }]', 'Add it: "source: install.wim".'],
    ['sorce: x', 'Remove it, or look the key up in the reference.'],
    ['imag: []', 'Did you mean "images"?'],
    ['lable: X', 'Did you mean "label"?'],
    ['images: [{ name: w, sorce: x, source: w.wim }]', 'Did you mean "source"?'],
  ])('%s', async (line, hint) => {
    const { problems } = await loadText(`${HEAD}${line}\n${REST}`, { 'a.yaml': SEQUENCE });
    const [problem] = problems.filter(({ severity }) => severity === 'error');
    expect(problem?.hint).toContain(hint);
  });

  it.each([
    ['{ iso: out.img }', 'For example "iso: branch-office.iso".'],
    ['{}', 'Give exactly one of them, for example "iso: branch-office.iso"'],
    ['{ iso: o.iso }, { iso: o.iso }', 'Remove one of the two, or give it another name.'],
  ])('of outputs: [%s]', async (outputs, hint) => {
    const { problems } = await loadText(`${HEAD}sequences: [a.yaml]\noutputs: [${outputs}]\n`, { 'a.yaml': SEQUENCE });
    expect(problems.map((problem) => problem.hint)).toEqual([expect.stringContaining(hint)]);
  });

  it('of a folder in the place of a file', async () => {
    const folder = await temporaryFolder();
    await expect(loadProject(folder)).rejects.toMatchObject({
      hint: `Name the file in it: ${join(folder, 'media.yaml')}`,
    });
  });
});
