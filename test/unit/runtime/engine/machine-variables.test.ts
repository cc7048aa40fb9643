import { expect, it } from 'vitest';
import { Machine } from '../../../../runtime/contract/machine.ts';
import { machineVariables } from '../../../../runtime/engine/machine-variables.ts';
import { Sequence } from '../../../../runtime/sequence/schema.ts';
import { aMachine } from '../../../helpers/machine.ts';
import { aManifest } from '../../../helpers/manifest.ts';

const steps = [{ step: 'set-variable', variable: 'A', value: 'a' }];
const SEQUENCE = Sequence.parse({ formatVersion: 2, id: 'install', name: 'Install Windows', steps });
const MEDIUM = {
  ...({ root: 'D:\\', device: 'D:', disk: '', launchMode: 'UFD' } as const),
  manifest: aManifest({ name: 'Stick' }),
};

it('has the names that mean something without a server, each once', () => {
  const machine = aMachine({ assetTag: 'A1', secureBoot: true });
  const here = { logFile: '/logs/smsts.log', dataFolder: 'C:\\_SMSTaskSequence' };
  const variables = machineVariables(machine, SEQUENCE, MEDIUM, 'winpe', here);
  expect(new Set(variables.map(([name]) => name.toLowerCase())).size).toBe(variables.length);
  expect(Object.fromEntries(variables)).toMatchInlineSnapshot(`
    {
      "_SMSTSAssetTag": "A1",
      "_SMSTSBootImageID": "",
      "_SMSTSBootUEFI": "true",
      "_SMSTSDefaultGateways": "",
      "_SMSTSIPAddresses": "",
      "_SMSTSInWinPE": "true",
      "_SMSTSLaunchMode": "UFD",
      "_SMSTSLogPath": "/logs",
      "_SMSTSMDataPath": "C:\\_SMSTaskSequence",
      "_SMSTSMacAddresses": "02:00:00:00:00:01",
      "_SMSTSMachineName": "",
      "_SMSTSMake": "Stand-in",
      "_SMSTSMediaType": "FullMedia",
      "_SMSTSModel": "Model 1",
      "_SMSTSOrgName": "Stick",
      "_SMSTSPackageID": "install",
      "_SMSTSPackageName": "Install Windows",
      "_SMSTSSerialNumber": "SN1",
      "_SMSTSStandAloneMode": "true",
      "_SMSTSType": "2",
      "_SMSTSUUID": "11111111-2222-3333-4444-555555555555",
      "_SMSTSWTG": "false",
      "_TSSecureBoot": "Enabled",
    }
  `);
});

it.each([
  [{}, 'FullMedia'],
  [{ launchMode: 'DVD' }, 'FullMedia'],
  [{ launchMode: 'PXE' }, 'PXE'],
  [{ launchMode: 'HD', prestaged: true }, 'OEMMedia'],
  [{ startedFrom: MEDIUM }, 'BootMedia'],
] as const)('names the kind of medium as ConfigMgr does: %j', (more, kind) => {
  const variables = new Map(machineVariables(aMachine(), SEQUENCE, { ...MEDIUM, ...more }, 'linux'));
  expect(variables.get('_SMSTSMediaType')).toBe(kind);
});

it('names the boot image of WinPE', () => {
  const bootImage = '3b241101-e2bb-4255-8caf-4136c566a962';
  const medium = { ...MEDIUM, manifest: aManifest({ bootImage }) };
  expect(new Map(machineVariables(aMachine(), SEQUENCE, medium, 'winpe')).get('_SMSTSBootImageID')).toBe(bootImage);
});

it('says anew at each start where it is', () => {
  const operatingSystem = {
    ...{ caption: 'Windows', version: '10.0.26100', build: 26100, architecture: 'x64', computerName: 'PC-7' },
  };
  const machine = Machine.parse({ ...aMachine(), firmware: 'bios', operatingSystem });
  const variables = new Map(machineVariables(machine, SEQUENCE, MEDIUM, 'windows'));
  expect(variables.get('_SMSTSInWinPE')).toBe('false');
  expect(variables.get('_SMSTSMachineName')).toBe('PC-7');
  expect(variables.get('_TSSecureBoot')).toBe('NA');
  expect(variables.get('_SMSTSMDataPath')).toBe('');
});
