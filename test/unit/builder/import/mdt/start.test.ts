import { expect, it } from 'vitest';
import { importText } from '../import-text.ts';
import { expressionXml, groupXml, sequenceXml, stepXml } from '../source-xml.ts';

const when = (variable: string, value: string): string =>
  `<condition>${expressionXml('Variable', { Operator: 'equals', Value: value, Variable: variable })}</condition>`;
const image = stepXml({ type: 'BDD_InstallOS', name: 'Install Operating System', variables: { OSGUID: '{1}' } });
const disable = stepXml({ type: 'SMS_TaskSequence_DisableBitLockerAction', name: 'Disable BitLocker' });
const layout = stepXml({
  type: 'SMS_TaskSequence_PartitionDiskAction',
  name: 'Format and Partition Disk',
  variables: { OSDPartitions: '1', OSDPartitions0Type: 'Primary', OSDPartitions0Size: '100' },
});

it('what MDT decides by where it is started is decided by steps, and its refresh replaces the Windows that runs', () => {
  const phase = (value: string, ...inside: string[]) => groupXml(value, when('PHASE', value), ...inside);
  const { entries, text } = importText(
    sequenceXml(
      phase('PREINSTALL', groupXml('New Computer only', when('DeploymentType', 'NEWCOMPUTER'), layout)),
      phase('INSTALL', groupXml('Refresh only', when('DeploymentType', 'REFRESH'), disable), image),
    ),
  );
  expect(entries.slice(0, 3)).toMatchObject([
    { step: 'set-variable', variable: 'PHASE', value: 'VALIDATION' },
    { step: 'set-variable', variable: 'DeploymentType', value: 'NEWCOMPUTER' },
    {
      step: 'set-variable',
      variable: 'DeploymentType',
      value: 'REFRESH',
      condition: { variable: '_SMSTSInWinPE', operator: 'equals', value: 'false' },
    },
  ]);
  expect(text).toContain('destination: present-windows');
});

it('a sequence of MDT that always lays its disk out replaces nothing', () => {
  const { text } = importText(sequenceXml(layout, image));
  expect(text).not.toContain('destination:');
});
