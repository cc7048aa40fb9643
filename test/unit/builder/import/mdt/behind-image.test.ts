import { describe, expect, it } from 'vitest';
import type { Entry } from '../../../../../runtime/sequence/schema.ts';
import { importText } from '../import-text.ts';
import { expressionXml, groupXml, type StepXml, sequenceXml, stepXml } from '../source-xml.ts';
import { sms } from '../steps/one-step.ts';

const image = (name = 'Install OS', more: Partial<StepXml> = {}): string =>
  stepXml({ type: 'BDD_InstallOS', name, variables: { OSGUID: `{${name}}` }, ...more });
const drivers = (more: Partial<StepXml> = {}): string =>
  stepXml({
    type: 'BDD_InjectDrivers',
    name: 'Inject Drivers',
    variables: { DriverSelectionProfile: 'All', DriverInjectionMode: 'ALL' },
    ...more,
  });
const configure = stepXml({ name: 'Configure', action: 'cscript.exe "%SCRIPTROOT%\\ZTIConfigure.wsf"' });
const is = (variable: string, value: string): string =>
  expressionXml('Variable', { Variable: variable, Operator: 'equals', Value: value });
const condition = (...parts: string[]): string =>
  `<condition><operator type="and">${parts.join('')}</operator></condition>`;
const phase = (name: string, ...inside: string[]): string => groupXml(name, condition(is('PHASE', name)), ...inside);

/** What a sequence is, as names in their groups. */
function outline(entries: readonly Entry[]): unknown[] {
  return entries.flatMap((entry): unknown[] => {
    if ('group' in entry) return [{ [entry.group]: outline(entry.steps) }];
    return entry.name?.startsWith('Begin') ? [] : [entry.name];
  });
}

describe('what MDT does before the image', () => {
  it('comes directly behind it, in its order, and the report and a comment say so', () => {
    const patches = stepXml({ type: 'BDD_InstallUpdatesOffline', name: 'Apply Patches' });
    const { entries, report, text } = importText(
      sequenceXml(phase('PREINSTALL', configure, drivers(), patches), phase('INSTALL', image()), phase('POSTINSTALL')),
    );
    expect(outline(entries)).toEqual([
      { PREINSTALL: [] },
      { INSTALL: ['Install OS', 'Configure', 'Inject Drivers', 'Apply Patches'] },
      { POSTINSTALL: [] },
    ]);
    const what = 'it stood before "Install OS" and comes after it: it needs the Windows that is applied there';
    expect(report.changed.filter((change) => change.what === what).map(({ step }) => step)).toEqual([
      'Configure',
      'Inject Drivers',
      'Apply Patches',
    ]);
    expect(text).toContain(`# Changed: ${what}.\n      - step: apply-driver-package`);
  });

  it('keeps what its groups asked for, without the phase that is over', () => {
    const inner = groupXml('Dell', condition(is('PHASE', 'PREINSTALL'), is('Make', 'Dell')), drivers());
    const own = drivers({ condition: condition(is('Model', 'A')), attributes: { disable: 'true' } });
    const { entries } = importText(
      sequenceXml(phase('PREINSTALL', inner, groupXml('Any', own)), phase('INSTALL', image())),
    );
    const dell = { variable: '_SMSTSMake', operator: 'equals', value: 'Dell' };
    const model = { variable: '_SMSTSModel', operator: 'equals', value: 'A' };
    expect(entries[2]).toMatchObject({
      steps: [{}, { condition: dell, enabled: true }, { condition: model, enabled: false }],
    });
  });

  it('comes behind the last of several images, wherever they are', () => {
    const both = importText(sequenceXml(drivers(), groupXml('Images', image('A'), image('B'), stepXml({}))));
    expect(outline(both.entries)).toEqual([{ Images: ['A', 'B', 'Inject Drivers'] }]);
    const apart = importText(sequenceXml(drivers(), groupXml('1', image('A')), groupXml('2', image('B')), configure));
    expect(outline(apart.entries)).toEqual([{ 1: ['A'] }, { 2: ['B'] }, 'Inject Drivers', 'Configure']);
  });

  it('does not wait for an image that is disabled', () => {
    const off = image('Off', { attributes: { disable: 'true' } });
    const { entries } = importText(sequenceXml(off, drivers(), image('On')));
    expect(outline(entries)).toEqual(['Off', 'On', 'Inject Drivers']);
  });

  it('is disabled where no image is applied', () => {
    const { entries, report } = importText(sequenceXml(configure));
    expect(entries[0]).toMatchObject({ step: 'apply-windows-settings', enabled: false });
    expect(report.changed.map(({ what }) => what)).toContain(
      'it is disabled: no step of the sequence applies an operating system',
    );
  });

  it('stays where a child sequence may apply one, and so does what stands right or is of ConfigMgr', () => {
    const child = stepXml({ ...sms('SubTasksequence', { OSDSubTasksequenceTsName: 'Child' }), name: 'Child' });
    expect(importText(sequenceXml(child, configure)).entries[1]).toMatchObject({ enabled: true });
    const settings = stepXml({ ...sms('ApplyWindowsSettingsAction'), name: 'Settings' });
    expect(outline(importText(sequenceXml(settings, image(), configure)).entries)).toEqual([
      'Settings',
      'Install OS',
      'Configure',
    ]);
  });
});
