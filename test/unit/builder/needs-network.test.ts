import { expect, it } from 'vitest';
import { needsNetwork } from '../../../builder/needs-network.ts';
import { HEAD, loadText } from '../../helpers/project.ts';

const capture = (destination: string, enabled = true): string => `formatVersion: 1
id: a
name: A
steps:
  - step: capture-operating-system
    enabled: ${enabled}
    destination: '${destination}'
`;

it.each([
  ['\\\\server\\images\\a.wim', true, true],
  ['//server/images/a.wim', true, true],
  ['\\\\server\\images\\a.wim', false, false],
  ['DATA:\\a.wim', true, false],
  ['a.wim', true, false],
])('a capture to %s, enabled %s: %s', async (destination, enabled, expected) => {
  const { project, problems } = await loadText(`${HEAD}sequences: [a.yaml]\noutputs: [{ iso: out.iso }]\n`, {
    'a.yaml': capture(destination, enabled),
  });
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(project === undefined ? undefined : needsNetwork(project)).toBe(expected);
});

it.each([
  ["logFolder: '\\\\server\\logs'", true],
  ["logFolder: '//server/logs/%_SMSTSModel%'", true],
  ["logFolder: '%_SMSTSModel%'\nlogAccount: ann", true],
  ['logFolder: /tmp/logs', false],
])('logs left by %s: %s', async (fields, expected) => {
  const { project } = await loadText(`${HEAD}sequences: [a.yaml]\noutputs: [{ iso: out.iso }]\n`, {
    'a.yaml': `${capture('a.wim')}${fields}\n`,
  });
  expect(project === undefined ? undefined : needsNetwork(project)).toBe(expected);
});
