import { describe, expect, it } from 'vitest';
import { loadProject } from '../../../../builder/config/load.ts';
import { validityOf } from '../../../../builder/config/validity.ts';
import { planMedia } from '../../../../builder/plan/plan.ts';
import { aResolvedProject, HEAD, loadText, SEQUENCE } from '../../../helpers/project.ts';

const REST = 'sequences: [a.yaml]\noutputs: [{ iso: out.iso }]\n';
const PACKAGES = 'packages: [{ name: tools, source: . }]\n';

async function errors(options: string): Promise<string[]> {
  const { problems } = await loadText(HEAD + options + REST);
  return problems
    .filter(({ severity }) => severity === 'error')
    .map(({ line, column, code, message, hint }) => `${line}:${column} ${code} ${message} | ${hint}`);
}

describe('valid', () => {
  it('counts a day from its first moment to its last, in UTC', () => {
    expect(validityOf({ from: '2026-02-01', until: '2026-02-28' })).toEqual({
      from: '2026-02-01T00:00:00.000Z',
      until: '2026-02-28T23:59:59.999Z',
    });
    expect(validityOf({ until: '2026-02-28T12:00:00+02:00' })).toEqual({ until: '2026-02-28T10:00:00.000Z' });
  });

  it('is refused where it never is', async () => {
    expect(await errors('valid: { from: 2099-02-02, until: 2099-02-01 }\n')).toEqual([
      '3:28 PROJECT_INVALID the medium would be valid from 2099-02-02T00:00:00.000Z until 2099-02-01T23:59:59.999Z, which is never | Write the earlier one first.',
    ]);
    expect(await errors('valid: { from: 2099-02-01, until: 2099-02-01 }\n')).toEqual([]);
    const beyond = '{ from: 0000-01-01T00:00:00+14:00 }';
    for (const bad of ['{ until: 2099-02-30 }', '{ until: tomorrow }', '{}', beyond]) {
      expect(await errors(`valid: ${bad}\n`)).toHaveLength(1);
    }
  });

  it('is refused where it is over by now', async () => {
    const { folder } = await loadText(`${HEAD}valid: { until: 2026-05-05 }\n${REST}`);
    const at = async (now: string) =>
      (await loadProject(`${folder}/media.yaml`, new Date(now))).problems.map(({ line, message }) => [line, message]);
    expect(await at('2026-05-05T23:59:59.999Z')).toEqual([]);
    expect(await at('2026-05-06T00:00:00.000Z')).toEqual([
      [3, 'the validity has ended 2026-05-05T23:59:59.999Z: no machine would take the medium'],
    ]);
  });
});

describe('packages that options name', () => {
  it('must be there', async () => {
    expect(await errors(`${PACKAGES}exclude: [tools, toolz]\n`)).toEqual([
      '4:18 PROJECT_INVALID there is no package, image, application or upgrade package named "toolz" | Did you mean "tools"?',
    ]);
    expect(await errors('prestart: { command: hello, package: tools }\n')).toEqual([
      '3:29 PROJECT_INVALID there is no package named "tools" | Add it to packages.',
    ]);
    expect(await errors(`${PACKAGES}prestart: { command: hello, package: tools }\n`)).toEqual([]);
    expect(await errors('prestart: { command: ["", x] }\n')).toEqual([expect.stringContaining('names the program')]);
  });

  it('cannot stay off the medium and be used by its prestart command', async () => {
    expect(await errors(`${PACKAGES}prestart: { command: hello, package: tools }\nexclude: [tools]\n`)).toEqual([
      expect.stringMatching(/^4:29 PROJECT_INVALID "tools" stays off the medium/),
    ]);
  });
});

describe('images, applications and upgrade packages that stay off the medium', () => {
  const content = `images: [{ name: pro, source: a.wim, image: 1 }, { name: home, source: a.wim, image: 2 }]
packages: [{ name: tools, source: . }]
applications:
  - { name: Fonts, package: tools, command: x }
  - { name: Office, package: tools, command: x, dependsOn: [Fonts] }
upgradePackages: [{ name: up, source: a.iso }]
`;
  const steps = (text: string, startsIn = 'winpe') => ({
    'a.yaml': `formatVersion: 2\nid: a\nname: A\nstartsIn: ${startsIn}\nsteps:\n${text}`,
  });
  const install = steps('  - { step: install-application, applications: [Office] }\n', 'full-os');

  it('are gone from the project where nothing needs them', async () => {
    const { project } = await loadText(`${HEAD}${content}exclude: [home, Office, up]\n${REST}`);
    expect(project?.images.map(({ name }) => name)).toEqual(['pro']);
    expect(project?.applications.map(({ name }) => name)).toEqual(['Fonts']);
    expect(project?.upgradePackages).toEqual([]);
    const { notes } = planMedia(await aResolvedProject({ project: project ?? expect.unreachable() }));
    expect(notes).toContain('"home" stays off the medium');
  });

  it.each([
    ['Office', install, 'the application "Office" stays off the medium, and is needed by "Install Application" of a'],
    ['Fonts', install, 'the application "Fonts" stays off the medium, and is needed by the application "Office"'],
    [
      'pro',
      steps('  - { step: format-and-partition-disk }\n  - { step: apply-operating-system, image: pro }\n'),
      'the image "pro" stays off the medium, and is needed by "Apply Operating System Image" of a',
    ],
  ])('are refused where something needs %s', async (name, files, message) => {
    const { problems } = await loadText(`${HEAD}${content}exclude: [${name}]\n${REST}`, files);
    expect(problems.filter(({ severity }) => severity === 'error')).toMatchObject([{ line: 9, column: 11, message }]);
  });

  it('need not be there, unlike a package', async () => {
    const { problems } = await loadText(
      `${HEAD}${content.replace('source: .', 'source: gone')}exclude: [pro, home, up, tools]\n${REST}`,
    );
    expect(problems).toMatchObject([{ severity: 'warning', message: expect.stringContaining('gone does not exist') }]);
  });

  it('are not needed by a step that is disabled', async () => {
    const files = steps(
      '  - { step: restart-computer }\n  - { step: install-application, applications: [Office], enabled: false }\n',
    );
    const { problems } = await loadText(`${HEAD}${content}exclude: [Office]\n${REST}`, files);
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  });
});

describe('a password', () => {
  const secrets =
    'variables: [{ name: Pin, value: "4711", secret: true }, { name: Key, secret: true }]\nmachines: m.yaml\n';
  const files = {
    'a.yaml': SEQUENCE,
    'm.yaml': 'formatVersion: 1\nmachines: [{ match: { serial: x }, variables: { key: "0815" } }]\n',
  };
  const messages = async (head: string) =>
    (await loadText(HEAD + head + secrets + REST, files)).problems.map(({ message }) => message);

  it('lets secret variables have values, which are refused without one', async () => {
    expect(await messages('password: { environment: P }\n')).toEqual([]);
    expect(await messages('')).toEqual([
      'a secret value would lie on the medium in clear',
      expect.stringContaining('the machines file gives the secret variable "Key" a value'),
    ]);
  });

  it('gives an unattended medium what nobody is asked for', async () => {
    expect(await messages('unattended: true\npassword: { environment: P }\n')).toEqual([]);
  });
});

it('warns of files with secrets that are not there', async () => {
  const options = 'password: { file: p }\nsigning: { key: k, password: { file: q } }\n';
  const { problems, folder } = await loadText(HEAD + options + REST);
  expect(problems.map(({ line, severity, code, message }) => [line, severity, code, message])).toEqual([
    [3, 'warning', 'SOURCE_NOT_FOUND', `${folder}/p does not exist`],
    [4, 'warning', 'SOURCE_NOT_FOUND', `${folder}/k does not exist`],
    [4, 'warning', 'SOURCE_NOT_FOUND', `${folder}/q does not exist`],
  ]);
});

describe('copyFirst', () => {
  const found = async (outputs: string) => {
    const { problems } = await loadText(`${HEAD}copyFirst: true\nsequences: [a.yaml]\noutputs: ${outputs}\n`);
    return problems.map(({ line, column, severity, message }) => `${line}:${column} ${severity} ${message}`);
  };
  const NONE = 'copyFirst has no effect on a start from the network: content is read from the server until the end';

  it('is refused where machines start from the network alone, and warned of where they may', async () => {
    expect(await found('[{ pxe: tree }]')).toEqual([`5:13 error ${NONE}`]);
    expect(await found('[{ iso: a.iso }, { pxe: tree }]')).toEqual([`5:29 warning ${NONE}`]);
    expect(await found('[{ iso: a.iso }]')).toEqual([]);
  });

  it('is a note of the plan then', async () => {
    const { project } = await loadText(
      `${HEAD}copyFirst: true\nsequences: [a.yaml]\noutputs: [{ iso: a.iso }, { pxe: tree }]\n`,
    );
    if (project === undefined) throw new Error('the project has problems');
    expect(planMedia(await aResolvedProject({ project })).notes).toContain(NONE);
  });
});
