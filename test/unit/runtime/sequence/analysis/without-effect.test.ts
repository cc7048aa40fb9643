import { describe, expect, it } from 'vitest';
import { BUILT_IN_VARIABLES, READ_VARIABLES } from '../../../../../runtime/sequence/analysis/built-in-variables.ts';
import { WITHOUT_EFFECT, withoutEffect } from '../../../../../runtime/sequence/analysis/without-effect.ts';
import { loadSequence } from '../../../../../runtime/sequence/load.ts';
import { HEAD, loadText } from '../../../../helpers/project.ts';

const SEQUENCE = 'formatVersion: 2\nid: a\nname: A\nsteps:\n';

function warnings(steps: string): string[] {
  return loadSequence(SEQUENCE + steps, 'f').problems.map(
    ({ severity, code, line, column, message }) => `${severity} ${code} ${line}:${column} ${message}`,
  );
}

const DEBUG = 'TSDebugMode has no effect here: there is no debugger';

describe('a variable that is set for nothing', () => {
  it('is warned of where its name stands, with what to do', () => {
    const steps =
      '  - group: G\n    steps:\n      - { step: set-variable, variable: TSDebugMode, value: "true" }\n' +
      '  - step: set-dynamic-variables\n    rules:\n      - variables: [{ name: Mine, value: a }, { name: TSDebugMode, value: b }]\n' +
      '  - { step: run-command-line, command: a, outputVariable: SMSTSDownloadProgram }\n';
    expect(warnings(steps)).toEqual([
      `warning VARIABLE_WITHOUT_EFFECT 7:31 ${DEBUG}`,
      `warning VARIABLE_WITHOUT_EFFECT 10:49 ${DEBUG}`,
      'warning VARIABLE_WITHOUT_EFFECT 11:43 SMSTSDownloadProgram has no effect here: content is read from the medium',
    ]);
    const [first] = loadSequence(SEQUENCE + steps, 'f').problems;
    expect(first?.hint).toMatch(/^Try the sequence with "mediasmith simulate"/);
  });

  it('is one for a disk by its number', () => {
    expect(warnings('  - { step: set-variable, variable: osddiskindex, value: "1" }\n')).toEqual([
      expect.stringContaining('osddiskindex chooses no disk here'),
    ]);
  });

  it('is none that is read, that looks alike, or of a step that is disabled', () => {
    const set = (name: string, more = '') => `  - { step: set-variable, variable: ${name}, value: a${more} }\n`;
    expect(warnings(set('SMSTSRebootDelay') + set('TSDebugModeX') + set('TSDebugMode', ', enabled: false'))).toEqual(
      [],
    );
  });

  it('is warned of in media.yaml and in its machines file too', async () => {
    const media =
      `${HEAD}variables: [{ name: TSDebugMode, value: "true" }]\nmachines: m.yaml\nsequences: [a.yaml]\n` +
      'outputs: [{ iso: out.iso }]\n';
    const { problems, project } = await loadText(media, {
      'a.yaml': `${SEQUENCE}  - step: restart-computer\n`,
      'm.yaml': 'formatVersion: 1\ncollections:\n  - name: All\n    variables: { Site: a, tsdebugmode: true }\n',
    });
    expect(project).toBeDefined();
    expect(
      problems
        .filter(({ code }) => code === 'VARIABLE_WITHOUT_EFFECT')
        .map(({ file, line, column, message }) => `${file.replace(/.*\//, '')}:${line}:${column} ${message}`),
    ).toEqual([expect.stringMatching(/^m\.yaml:4:27 tsdebugmode has no effect here/), `media.yaml:3:15 ${DEBUG}`]);
  });
});

it('what is read has an effect, and what else has a default in ConfigMgr is said to have none', () => {
  const read = new Set(READ_VARIABLES.flatMap(([names]) => names.split(' ')));
  const others = BUILT_IN_VARIABLES.filter((name) => !name.startsWith('_') && !read.has(name));
  expect(others).toContain('SetupCompletePause');
  expect(others.filter((name) => withoutEffect(name) === undefined)).toEqual([]);
  expect([...read].filter((name) => withoutEffect(name) !== undefined)).toEqual([]);
});

it('every row says what to do, as a sentence', () => {
  for (const { instead, why } of WITHOUT_EFFECT)
    expect([why, instead]).toEqual([expect.stringMatching(/[^.]$/), expect.stringMatching(/^[A-Z].*\.$/)]);
});
