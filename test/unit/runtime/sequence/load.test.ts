import { describe, expect, it } from 'vitest';
import { type KnownContent, loadSequence } from '../../../../runtime/sequence/load.ts';

const HEAD = 'formatVersion: 1\nid: x\nname: n\nsteps:\n';
const CONDITION = 'condition: { variable: A, operator: exists }';

function findings(steps: string, known?: KnownContent): string[] {
  const { problems } = loadSequence(HEAD + steps, 'f.yaml', known);
  return problems.map(({ line, message }) => `${line} ${message}`);
}

describe('steps behind a restart', () => {
  const never = (line: number, name: string) =>
    `${line} "${name}" would never run: it comes after a step that restarts the machine`;

  it('are named, each of them, however deep', () => {
    const steps =
      '  - group: G\n    steps:\n      - step: restart-computer\n  - step: run-command-line\n    command: [a]\n' +
      '  - group: H\n    steps:\n      - { step: set-variable, name: B, variable: B, value: b }\n';
    expect(findings(steps)).toEqual([never(8, 'Run Command Line'), never(12, 'B')]);
  });

  it('are in order where a condition may skip the restart, or the group around it', () => {
    const after = '  - { step: run-command-line, command: [a] }\n';
    expect(findings(`  - step: restart-computer\n    ${CONDITION}\n${after}`)).toEqual([]);
    const group = `  - group: G\n    ${CONDITION}\n    steps:\n      - step: restart-computer\n`;
    expect(findings(group + after)).toEqual([]);
  });

  it('are in order where the restart is disabled, or they are', () => {
    const after = '  - { step: run-command-line, command: [a] }\n';
    expect(findings(`  - { step: restart-computer, enabled: false }\n${after}`)).toEqual([]);
    expect(
      findings('  - step: restart-computer\n  - { step: run-command-line, command: [a], enabled: false }\n'),
    ).toEqual([]);
    expect(findings(`  - group: G\n    enabled: false\n    steps:\n      - step: restart-computer\n${after}`)).toEqual(
      [],
    );
  });

  it('are named even when they have a condition', () => {
    const steps = `  - step: restart-computer\n  - step: run-command-line\n    command: [a]\n    ${CONDITION}\n`;
    expect(findings(steps)).toEqual([never(6, 'Run Command Line')]);
  });
});

describe('content', () => {
  const known: KnownContent = { images: ['windows'], packages: ['net', 'disk'], platform: 'linux' as const };

  it('that the project has is in order', () => {
    const steps =
      '  - { step: apply-operating-system, image: windows }\n  - { step: apply-driver-package, package: net }\n';
    expect(findings(steps, known)).toEqual([]);
  });

  it('that it does not have is found at the name', () => {
    const steps =
      '  - step: apply-operating-system\n    image: Windows\n' +
      '  - step: run-command-line\n    command: [a]\n    package: windows\n';
    expect(loadSequence(HEAD + steps, 'f.yaml', known).problems).toMatchObject([
      { line: 6, column: 5, hint: 'The project has: windows.' },
      { line: 9, column: 5, hint: 'The project has: net, disk.' },
    ]);
  });

  it('is not asked for by a step that is disabled, nor where nothing is known of it', () => {
    const step = '  - { step: apply-operating-system, image: other, enabled: false }\n  - step: restart-computer\n';
    expect(findings(step, known)).toEqual([]);
    expect(findings('  - { step: apply-operating-system, image: other }\n')).toEqual([]);
  });
});

it('hands back either the sequence or problems', () => {
  const good = loadSequence(`${HEAD}  - step: restart-computer\n`, 'f');
  expect([good.sequence?.id, good.problems]).toEqual(['x', []]);
  const bad = loadSequence(`${HEAD}  - step: nothing\n`, 'f');
  expect([bad.sequence, bad.problems.length]).toEqual([undefined, 1]);
});
