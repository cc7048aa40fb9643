import { describe, expect, it } from 'vitest';
import { Variables } from '../../../../runtime/contract/variables.ts';
import { aMachine } from '../../../helpers/machine.ts';
import { runContent } from '../../../helpers/run-content.ts';

const MACHINE = aMachine({
  make: 'Dell Inc.',
  model: 'Latitude 5540',
  serial: 'ABC123',
  assetTag: '',
  macAddresses: ['02:00:00:00:00:01', '02:00:00:00:00:02'],
  networkAdapters: [
    {
      name: 'Ethernet',
      description: '',
      mac: '02:00:00:00:00:01',
      connected: true,
      wired: true,
      dhcp: true,
      addresses: ['10.0.0.5'],
      subnetMasks: ['255.255.255.0'],
      gateways: ['10.0.0.1'],
      dnsServers: [],
    },
  ],
});

describe('set-variable', () => {
  it('sets, replaces what is in it, and deletes', async () => {
    const set = (variable: string, value: string) => ({ step: 'set-variable', variable, value });
    const { variables, log } = await runContent([set('A', '1'), set('B', 'x%A%'), set('A', '')]);
    expect([variables.get('A'), variables.get('B')]).toEqual([undefined, 'x1']);
    expect(log).toEqual(expect.arrayContaining(['A is "1"', 'B is "x1"', 'A is deleted']));
  });

  it('shows no secret, and keeps what is made from one as one', async () => {
    const { variables, events } = await runContent([
      { step: 'set-variable', variable: 'A', value: 'hunter7', secret: true },
      { step: 'set-variable', variable: 'B', value: 'user:%A%' },
      { step: 'run-command-line', command: 'echo %B%' },
    ]);
    expect([variables.get('B'), variables.isSecret('B')]).toEqual(['user:hunter7', true]);
    expect(JSON.stringify(events)).not.toContain('hunter7');
  });
});

describe('set-dynamic-variables', () => {
  const rule = (condition: object | undefined, name: string, value = 'yes', more: object = {}) => ({
    ...(condition && { if: condition }),
    variables: [{ name, value, ...more }],
  });
  const run = (rules: readonly object[], variables = new Variables()) =>
    runContent([{ step: 'set-dynamic-variables', rules }], { machine: MACHINE, variables, platformName: 'winpe' });

  it.each([
    [{ computer: { serial: 'abc123' } }, true],
    [{ computer: { serial: 'other', macAddress: '02-00-00-00-00-02' } }, true],
    [{ computer: { uuid: '11111111-2222-3333-4444-555555555555' } }, true],
    [{ computer: { assetTag: 'x', serial: 'ABC12' } }, false],
    [{ location: { gateway: '10.0.0.1' } }, true],
    [{ location: { gateway: '10.0.0.2' } }, false],
    [{ makeAndModel: { make: 'dell*', model: 'LATITUDE 55?0' } }, true],
    [{ makeAndModel: { make: 'dell*', model: 'Latitude' } }, false],
    [{ makeAndModel: { make: 'Dell', model: '*' } }, false],
    [{ variable: 'Site', value: 'muc' }, true],
    [{ variable: 'Site', operator: 'like', value: 'B*' }, false],
    [{ variable: 'None', operator: 'notExists' }, true],
    [undefined, true],
  ])('%j', async (condition, holds) => {
    const variables = new Variables();
    variables.set('Site', 'MUC');
    await run([rule(condition, 'Found')], variables);
    expect(variables.get('Found')).toBe(holds ? 'yes' : undefined);
  });

  it('says why', async () => {
    const { log } = await run([rule({ computer: { serial: 'X', assetTag: 'Y' } }, 'A'), rule(undefined, 'B', 'v')]);
    expect(log).toEqual(
      expect.arrayContaining([
        'rule 1: asset tag (none) is Y or serial number ABC123 is X: false',
        'rule 2: always',
        'B is "v"',
      ]),
    );
  });

  it('lets the later rule win, and see what the earlier has set', async () => {
    const { variables } = await run([
      rule(undefined, 'Site', 'MUC'),
      rule({ variable: 'Site', value: 'MUC' }, 'Name', '%Site%-%_SMSTSSerialNumber%'),
      rule({ makeAndModel: { make: '*', model: '*' } }, 'Site', 'BER'),
    ]);
    expect([variables.get('Site'), variables.get('Name')]).toEqual(['BER', 'MUC-ABC123']);
  });

  it('sets what the machine is', async () => {
    const { variables } = await run([rule(undefined, 'A')]);
    const names = ['Make', 'Model', 'SerialNumber', 'AssetTag', 'MacAddresses', 'IPAddresses', 'DefaultGateways'];
    expect(names.map((name) => variables.get(`_SMSTS${name}`))).toEqual([
      'Dell Inc.',
      'Latitude 5540',
      'ABC123',
      undefined,
      '02:00:00:00:00:01,02:00:00:00:00:02',
      '10.0.0.5',
      '10.0.0.1',
    ]);
  });

  it('shows no secret', async () => {
    const { variables, events } = await run([rule(undefined, 'Key', 'hunter8', { secret: true })]);
    expect([variables.get('Key'), variables.isSecret('Key')]).toEqual(['hunter8', true]);
    expect(JSON.stringify(events)).not.toContain('hunter8');
  });
});
