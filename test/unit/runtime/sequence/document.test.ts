import { describe, expect, it } from 'vitest';
import { checkDocument, topLevelKeys } from '../../../../runtime/sequence/document.ts';
import { Sequence } from '../../../../runtime/sequence/schema.ts';

const HEAD = 'formatVersion: 2\nid: x\nname: n\nsteps:\n';

/** What is found in a sequence with these steps, as `line:column message | hint`. */
function findings(text: string): string[] {
  return checkDocument(Sequence, text, 'f.yaml', 'SEQUENCE_INVALID').problems.map(
    ({ line, column, message, hint }) => `${line}:${column} ${message}${hint === undefined ? '' : ` | ${hint}`}`,
  );
}

describe('a document in order', () => {
  const value = { formatVersion: 2, id: 'x', name: 'n', steps: [{ step: 'set-variable', variable: 'A', value: '1' }] };

  it('comes back with its defaults, from YAML and from JSON alike', () => {
    const yaml = `${HEAD}  - step: set-variable\n    variable: A\n    value: "1"\n`;
    const fromYaml = checkDocument(Sequence, yaml, 'f', 'C');
    expect(fromYaml.problems).toEqual([]);
    expect(fromYaml.value).toMatchObject({ onFailure: 'shell', steps: [{ enabled: true, continueOnError: false }] });
    expect(checkDocument(Sequence, JSON.stringify(value), 'f', 'C').value).toEqual(fromYaml.value);
    expect(checkDocument(Sequence, JSON.stringify(value, null, 2), 'f', 'C').value).toEqual(fromYaml.value);
  });

  it('may come from Windows: with a byte order mark and carriage returns', () => {
    const text = `\ufeff${HEAD}  - step: set-variable\n    variable: A\n    value: "1"\n`.replaceAll('\n', '\r\n');
    expect(checkDocument(Sequence, text, 'f', 'C').problems).toEqual([]);
  });

  it('tells where things stand in it', () => {
    const { problemAt } = checkDocument(
      Sequence,
      `${HEAD}  - step: set-variable\n    variable: A\n    value: b\n`,
      'f',
      'C',
    );
    expect(problemAt(['steps', 0, 'value'], { code: 'X', message: 'm' })).toEqual({
      code: 'X',
      severity: 'error',
      message: 'm',
      file: 'f',
      line: 7,
      column: 5,
    });
    expect(problemAt(['steps', 7], { code: 'X', message: 'm', severity: 'warning' })).toMatchObject({
      severity: 'warning',
      line: 4,
      column: 1,
    });
  });
});

describe('a misspelt word', () => {
  it('of a key is found at the key, with what was meant', () => {
    expect(findings(`${HEAD}  - step: set-variable\n    variabel: a\n    value: b\n`)).toEqual([
      '5:5 "variable" is missing | Add it: "variable: OSDComputerName". (variable: Its name)',
      '6:5 unknown key "variabel" | Did you mean "variable"?',
    ]);
  });

  it('of a step type is found in the step', () => {
    expect(findings(`${HEAD}  - name: a\n    step: set-varable\n    variable: a\n    value: b\n`)).toEqual([
      '6:5 steps.0.step: "set-varable" is not known here | Did you mean "set-variable"?',
    ]);
  });

  it('of an operator is found deep inside a condition', () => {
    const step = '  - step: restart-computer\n    condition: { any: [{ all: [{ variable: A, operator: lesss }] }] }\n';
    expect(findings(HEAD + step)).toEqual([
      '6:47 steps.0.condition.any.0.all.0.operator: "lesss" is not known here | Did you mean "less"?',
    ]);
  });

  it('that is near to nothing gets the words there are', () => {
    expect(findings(`${HEAD}  - step: restart-computer\nonFailure: explode\n`)).toEqual([
      '6:1 onFailure: "explode" is not known here | Write one of: restart, shutdown, shell.',
    ]);
    expect(findings(`${HEAD}  - step: restart-computer\nxyzzyplugh: 1\n`)).toEqual([
      expect.stringMatching(
        /^6:1 unknown key "xyzzyplugh" \| Remove it: only these keys belong here: formatVersion, id, /,
      ),
    ]);
  });
});

describe('of several shapes the one that was meant is picked', () => {
  it('a step without its type', () => {
    expect(findings(`${HEAD}  - name: foo\n`)).toEqual([
      expect.stringMatching(/^5:5 "step" is missing \| Write one of: /),
    ]);
  });

  it.each([
    [
      '{ diskNumber: first, partition: 3 }',
      '7:20 steps.0.destination.diskNumber: invalid input: expected number, received string | Write a number, without quotation marks and without a unit. (diskNumber: The number of the disk, from 0)',
    ],
    [
      '{ diskNumber: 0, partition: 3, drive: "C:" }',
      '7:49 unknown key "drive" | Remove it: it does not go with the other keys here.',
    ],
    [
      'somewhere',
      '7:5 steps.0.destination: "somewhere" is not known here | Write one of: present-windows, next-formatted.',
    ],
  ])('a destination: %s', (destination, problem) => {
    const step = `  - step: apply-operating-system\n    image: a\n    destination: ${destination}\n`;
    expect(findings(HEAD + step)).toEqual([problem]);
  });

  it('a list where a word belongs', () => {
    expect(findings(`${HEAD}  - step: restart-computer\nonFailure: [shell]\n`)).toEqual([
      '6:1 onFailure: invalid option: expected one of "restart"|"shutdown"|"shell" | Write one of: restart, shutdown, shell. (onFailure: How it is left when a step has failed)',
    ]);
  });

  it('a group with a fault of its own', () => {
    const group = '  - group: G\n    conditon: { variable: A }\n    steps:\n      - step: restart-computer\n';
    expect(findings(HEAD + group)).toEqual(['6:5 unknown key "conditon" | Did you mean "condition"?']);
  });

  it('a step within a group within a group', () => {
    const inner =
      '      - group: H\n        steps:\n          - step: restart-computer\n            delaySeconds: soon\n';
    expect(findings(`${HEAD}  - group: G\n    steps:\n${inner}`)).toEqual([
      expect.stringMatching(
        /^10:13 steps\.0\.steps\.0\.steps\.0\.delaySeconds: invalid input: expected number, received string \| Write a number/,
      ),
    ]);
  });

  it('a size, where a percentage or a word would do too', () => {
    const step = '  - step: format-and-partition-disk\n    volumes:\n      - { type: efi, size: big }\n';
    expect(findings(HEAD + step)).toEqual([expect.stringMatching(/^7:22 steps\.0\.volumes\.0\.size: /)]);
  });
});

describe('a missing key', () => {
  it('is found where the thing lies that should hold it', () => {
    expect(findings(`${HEAD}  - step: restart-computer\n  - step: apply-operating-system\n    volume: W\n`)).toEqual([
      '6:5 "image" is missing | Add it: "image: windows". (image: The name of an image in media.yaml)',
    ]);
  });

  it('of the whole document is found at its start, behind the comments', () => {
    expect(findings('# a comment\nformatVersion: 2\n')).toEqual([
      '2:1 "id" is missing | Add it: "id: install". (id: Names the sequence on the medium and on the boot menu)',
      '2:1 "name" is missing | Add it: "name: Branch office". (name: Shown in the menu and while it runs)',
      '2:1 "steps" is missing | Add it: "steps: ...". (steps: Steps and groups, in order)',
    ]);
  });
});

describe('a text that is no document', () => {
  it.each([
    ['a: [1, 2\n', 2, 'close every bracket'],
    ['a: 1\nb: "open\n', 3, 'Close what is open'],
    ['a: 1\na: 2\n', 2, 'Remove one of the two'],
    ['a: 1\n\tb: 2\n', 2, 'Indent with spaces'],
    ['a: 1\n---\nb: 2\n', 2, 'remove the line "---"'],
    ['{"a": 1', 1, ''],
    ['a: *nowhere\n', 1, 'Put the value in quotation marks'],
    ['name: a: b\n', 1, 'Put the value in quotation marks'],
  ])('%j is a fault of YAML in line %i, with what to do: %s', (text, line, hint) => {
    const [problem] = checkDocument(Sequence, text, 'f', 'C').problems;
    expect(problem).toMatchObject({ code: 'YAML_SYNTAX', line, hint: expect.stringContaining(hint) });
  });

  it('may not unfold without end', () => {
    const row = (name: string, of: string) => `${name}: &${name} [${Array(10).fill(`*${of}`).join(', ')}]\n`;
    const text = `a: &a [x]\n${row('b', 'a')}${row('c', 'b')}${row('d', 'c')}${row('e', 'd')}`;
    expect(checkDocument(Sequence, text, 'f', 'C').problems).toMatchObject([
      { code: 'C', message: 'its aliases unfold to far more than it holds' },
    ]);
  });

  it.each([
    ['', 'there is nothing in it'],
    ['# nothing but a comment\n', 'there is nothing in it'],
    ['- 1\n', 'invalid input: expected object, received array'],
    ['text\n', 'invalid input: expected object, received string'],
  ])('%j has the wrong shape', (text, message) => {
    const hint = 'Write its keys, at least: formatVersion, id, name, steps. Examples are in templates/examples.';
    expect(findings(text)).toEqual([`1:1 ${message} | ${hint}`]);
  });
});

describe('topLevelKeys', () => {
  it('names what tells a sequence from a project', () => {
    expect(topLevelKeys('steps: []\nid: x\n')).toEqual(['steps', 'id']);
    expect(topLevelKeys('{"outputs": []}')).toEqual(['outputs']);
  });

  it.each(['', '- a\n', ': : :', '"open'])('finds none in %j', (text) => {
    expect(topLevelKeys(text)).not.toContain('steps');
  });
});
