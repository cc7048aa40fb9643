import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Variables } from '../../../../runtime/contract/variables.ts';
import { hiddenPassword } from '../../../../runtime/steps/answer-file/password.ts';
import { maskBits } from '../../../../runtime/steps/apply-network-settings/adapters.ts';
import { identifyAdapters } from '../../../../runtime/steps/apply-network-settings/run.ts';
import { NetworkAdapterWish } from '../../../../runtime/steps/apply-network-settings/schema.ts';
import { administratorCommand } from '../../../../runtime/steps/apply-windows-settings/run.ts';
import { aMachine } from '../../../helpers/machine.ts';
import { type Ran, type RunWish, runSteps } from '../../../helpers/run.ts';

const BEFORE = [{ step: 'format-and-partition-disk' }, { step: 'apply-operating-system', image: 'windows' }];
const WINDOWS = { step: 'apply-windows-settings' };
const NETWORK = { step: 'apply-network-settings' };
const STATIC = {
  dhcp: false,
  addresses: ['192.0.2.10', '192.0.2.11'],
  subnetMasks: ['255.255.255.0', '255.255.254.0'],
  gateways: ['192.0.2.1'],
  dnsServers: ['192.0.2.2', '192.0.2.3'],
};

async function answersOf({ platform }: Ran): Promise<string> {
  const xml = await readFile(join(platform.volume('Windows'), 'Windows/Panther/unattend.xml'), 'utf8');
  return xml
    .replace(/ publicKeyToken="31bf3856ad364e35" language="neutral" versionScope="nonSxS"/g, '')
    .replace(/></g, '>\n<');
}

async function apply(steps: readonly object[], wish: RunWish = {}): Promise<string> {
  const ran = await runSteps([...BEFORE, ...steps], wish);
  expect(ran.outcome.error).toBeUndefined();
  return answersOf(ran);
}

describe('apply-windows-settings', () => {
  it('writes each setting where Windows looks for it', async () => {
    const settings = {
      computerName: 'PC-7',
      registeredUser: 'A & B',
      organization: 'Example',
      productKey: 'AAAAA-BBBBB-CCCCC-DDDDD-EEEEE',
      timeZone: 'W. Europe Standard Time',
      inputLocale: '0407:00000407',
      systemLocale: 'de-DE',
      uiLanguage: 'de-DE',
      uiLanguageFallback: 'en-US',
      userLocale: 'de-AT',
      administrator: { password: 'hunter2' },
    };
    expect(await apply([{ ...WINDOWS, ...settings }])).toMatchInlineSnapshot(`
      "<?xml version="1.0" encoding="utf-8"?>
      <unattend xmlns:wcm="http://schemas.microsoft.com/WMIConfig/2002/State" xmlns="urn:schemas-microsoft-com:unattend">
      <settings pass="specialize">
      <component name="Microsoft-Windows-Shell-Setup" processorArchitecture="amd64">
      <ComputerName>PC-7</ComputerName>
      <ProductKey>AAAAA-BBBBB-CCCCC-DDDDD-EEEEE</ProductKey>
      <RegisteredOwner>A &amp; B</RegisteredOwner>
      <RegisteredOrganization>Example</RegisteredOrganization>
      <TimeZone>W. Europe Standard Time</TimeZone>
      </component>
      <component name="Microsoft-Windows-Deployment" processorArchitecture="amd64">
      <RunSynchronous>
      <RunSynchronousCommand wcm:action="add">
      <Order>1</Order>
      <Path>powershell.exe -NoLogo -NoProfile -NonInteractive -Command "Get-LocalUser | Where-Object SID -Like 'S-1-5-21-*-500' | Enable-LocalUser"</Path>
      <Description>Administrator account</Description>
      </RunSynchronousCommand>
      </RunSynchronous>
      </component>
      </settings>
      <settings pass="oobeSystem">
      <component name="Microsoft-Windows-International-Core" processorArchitecture="amd64">
      <InputLocale>0407:00000407</InputLocale>
      <SystemLocale>de-DE</SystemLocale>
      <UILanguage>de-DE</UILanguage>
      <UILanguageFallback>en-US</UILanguageFallback>
      <UserLocale>de-AT</UserLocale>
      </component>
      <component name="Microsoft-Windows-Shell-Setup" processorArchitecture="amd64">
      <OOBE>
      <HideEULAPage>true</HideEULAPage>
      </OOBE>
      <UserAccounts>
      <AdministratorPassword>
      <Value>aAB1AG4AdABlAHIAMgBBAGQAbQBpAG4AaQBzAHQAcgBhAHQAbwByAFAAYQBzAHMAdwBvAHIAZAA=</Value>
      <PlainText>false</PlainText>
      </AdministratorPassword>
      </UserAccounts>
      </component>
      </settings>
      </unattend>
      "
    `);
  });

  it('gives the Administrator a password nobody knows, and disables the account', async () => {
    const [first, second] = [
      await apply([{ ...WINDOWS, administrator: 'random-and-disabled' }]),
      await apply([{ ...WINDOWS, administrator: 'random-and-disabled' }]),
    ];
    const value = (xml: string) => /<Value>(.*)<\/Value>/.exec(xml)?.[1] ?? '';
    const plain = Buffer.from(value(first), 'base64').toString('utf16le');
    expect(plain).toMatch(/^\S{32}AdministratorPassword$/);
    expect(value(second)).not.toBe(value(first));
    expect(first).toContain('Disable-LocalUser');
    expect(first).toContain('<PlainText>false</PlainText>');
  });

  it('obeys the variables of ConfigMgr', async () => {
    const variables = new Variables();
    const given = { OSDComputerName: 'V1', OSDLocalAdminPassword: 'secret-one', OSDTimeZone: 'UTC' };
    for (const [name, value] of Object.entries(given)) variables.set(name, value);
    const xml = await apply([{ ...WINDOWS, computerName: 'OPTION' }], { variables });
    expect(xml).toContain('<ComputerName>V1</ComputerName>');
    expect(xml).toContain(`<Value>${hiddenPassword('secret-one', 'AdministratorPassword')}</Value>`);
    expect(xml).toContain('Enable-LocalUser');
  });

  it('run twice leaves one command and the later answers', async () => {
    const xml = await apply([
      { ...WINDOWS, administrator: { password: 'a' } },
      { ...WINDOWS, administrator: 'random-and-disabled' },
    ]);
    expect(xml.match(/<RunSynchronousCommand/g)).toHaveLength(1);
    expect(xml).toContain('Disable-LocalUser');
  });

  it('says that no Windows has a licence mode', async () => {
    const { events } = await runSteps([...BEFORE, { ...WINDOWS, serverLicenseMode: 'perSeat' }]);
    expect(events).toContainEqual(
      expect.objectContaining({ level: 'warning', message: expect.stringContaining('2008') }),
    );
  });

  it.each([
    { ...WINDOWS, computerName: 'PC-%None%' },
    { ...WINDOWS, administrator: { password: '%None%' } },
    { ...NETWORK, domain: '%None%', account: 'a', password: 'x' },
  ])('refuses a variable that nothing has set: %j', async (step) => {
    const { outcome } = await runSteps([...BEFORE, step]);
    expect(outcome.error).toMatchObject({ code: 'STEP_FAILED', lines: [expect.stringContaining('%None%')] });
  });

  it('takes a password with signs in it', async () => {
    const xml = await apply([{ ...WINDOWS, administrator: { password: 'a%b%<' } }]);
    expect(xml).toContain(hiddenPassword('a%b%<', 'AdministratorPassword'));
  });

  it('has a command that is short enough for Windows', () => {
    expect(administratorCommand('Disable').length).toBeLessThan(259);
  });
});

describe('apply-network-settings', () => {
  it('joins a domain', async () => {
    const domain = {
      domain: 'example.com',
      organizationalUnit: 'OU=Clients,DC=example,DC=com',
      account: 'EXAMPLE\\joiner',
      password: 'p<&>w',
      dnsDomain: 'example.com',
      dnsSuffixSearchOrder: ['example.com', 'example.net'],
    };
    expect(await apply([{ ...NETWORK, ...domain }])).toMatchInlineSnapshot(`
      "<?xml version="1.0" encoding="utf-8"?>
      <unattend xmlns:wcm="http://schemas.microsoft.com/WMIConfig/2002/State" xmlns="urn:schemas-microsoft-com:unattend">
      <settings pass="specialize">
      <component name="Microsoft-Windows-UnattendedJoin" processorArchitecture="amd64">
      <Identification>
      <Credentials>
      <Domain>EXAMPLE</Domain>
      <Password>p&lt;&amp;&gt;w</Password>
      <Username>joiner</Username>
      </Credentials>
      <JoinDomain>example.com</JoinDomain>
      <MachineObjectOU>OU=Clients,DC=example,DC=com</MachineObjectOU>
      </Identification>
      </component>
      <component name="Microsoft-Windows-DNS-Client" processorArchitecture="amd64">
      <DNSDomain>example.com</DNSDomain>
      <DNSSuffixSearchOrder>
      <DomainName wcm:action="add" wcm:keyValue="1">example.com</DomainName>
      <DomainName wcm:action="add" wcm:keyValue="2">example.net</DomainName>
      </DNSSuffixSearchOrder>
      </component>
      </settings>
      </unattend>
      "
    `);
  });

  it('names an account by its whole name where its domain stands behind an @', async () => {
    const xml = await apply([{ ...NETWORK, domain: 'example.com', account: 'joiner@example.com', password: 'x' }]);
    expect(xml).toContain(
      '<Credentials>\n<Password>x</Password>\n<Username>joiner@example.com</Username>\n</Credentials>',
    );
  });

  it('sets each adapter', async () => {
    const machine = aMachine({ macAddresses: ['02:00:00:00:00:01', '02:00:00:00:00:02'] });
    const adapters = [
      {
        ...STATIC,
        macAddress: '02-00-00-00-00-02',
        dnsSuffix: 'example.com',
        registerInDns: false,
        netbios: 'disabled',
      },
      { name: 'LAN', dhcp: true, registerSuffixInDns: true, winsServers: ['192.0.2.9'] },
    ];
    expect(await apply([{ ...NETWORK, adapters }], { machine })).toMatchInlineSnapshot(`
      "<?xml version="1.0" encoding="utf-8"?>
      <unattend xmlns:wcm="http://schemas.microsoft.com/WMIConfig/2002/State" xmlns="urn:schemas-microsoft-com:unattend">
      <settings pass="specialize">
      <component name="Microsoft-Windows-TCPIP" processorArchitecture="amd64">
      <Interfaces>
      <Interface wcm:action="add">
      <Ipv4Settings>
      <DhcpEnabled>false</DhcpEnabled>
      </Ipv4Settings>
      <Identifier>02-00-00-00-00-02</Identifier>
      <UnicastIpAddresses>
      <IpAddress wcm:action="add" wcm:keyValue="1">192.0.2.10/24</IpAddress>
      <IpAddress wcm:action="add" wcm:keyValue="2">192.0.2.11/23</IpAddress>
      </UnicastIpAddresses>
      <Routes>
      <Route wcm:action="add">
      <Identifier>0</Identifier>
      <Metric>10</Metric>
      <NextHopAddress>192.0.2.1</NextHopAddress>
      <Prefix>0.0.0.0/0</Prefix>
      </Route>
      </Routes>
      </Interface>
      <Interface wcm:action="add">
      <Ipv4Settings>
      <DhcpEnabled>true</DhcpEnabled>
      </Ipv4Settings>
      <Identifier>02-00-00-00-00-01</Identifier>
      </Interface>
      </Interfaces>
      </component>
      <component name="Microsoft-Windows-DNS-Client" processorArchitecture="amd64">
      <Interfaces>
      <Interface wcm:action="add">
      <Identifier>02-00-00-00-00-02</Identifier>
      <DNSDomain>example.com</DNSDomain>
      <DNSServerSearchOrder>
      <IpAddress wcm:action="add" wcm:keyValue="1">192.0.2.2</IpAddress>
      <IpAddress wcm:action="add" wcm:keyValue="2">192.0.2.3</IpAddress>
      </DNSServerSearchOrder>
      <DisableDynamicUpdate>true</DisableDynamicUpdate>
      </Interface>
      <Interface wcm:action="add">
      <Identifier>02-00-00-00-00-01</Identifier>
      <EnableAdapterDomainNameRegistration>true</EnableAdapterDomainNameRegistration>
      <DisableDynamicUpdate>false</DisableDynamicUpdate>
      </Interface>
      </Interfaces>
      </component>
      <component name="Microsoft-Windows-NetBT" processorArchitecture="amd64">
      <Interfaces>
      <Interface wcm:action="add">
      <NetbiosOptions>2</NetbiosOptions>
      <Identifier>02-00-00-00-00-02</Identifier>
      </Interface>
      <Interface wcm:action="add">
      <NameServerList>
      <IpAddress wcm:action="add" wcm:keyValue="1">192.0.2.9</IpAddress>
      </NameServerList>
      <NetbiosOptions>0</NetbiosOptions>
      <Identifier>02-00-00-00-00-01</Identifier>
      </Interface>
      </Interfaces>
      </component>
      </settings>
      </unattend>
      "
    `);
  });

  it('takes back what one before it has said', async () => {
    const xml = await apply([
      { ...NETWORK, domain: 'example.com', account: 'a', password: 'x', adapters: [STATIC] },
      { ...NETWORK, workgroup: 'HOME', adapters: [] },
    ]);
    expect(xml).toContain('<Identification>\n<JoinWorkgroup>HOME</JoinWorkgroup>\n</Identification>');
    expect(xml).not.toMatch(/JoinDomain|<Password>|<Interface/);
  });

  it.each([
    [{ domain: 'example.com' }, /no account/],
    [{ adapters: [{ ...STATIC, subnetMasks: ['255.0.255.0', '255.255.255.0'] }] }, /subnet mask/],
    [{ adapters: [{ dhcp: true }, { name: 'second' }] }, /no network adapter left for the settings of second/],
  ])('refuses %j and writes nothing', async (options, message) => {
    const ran = await runSteps([...BEFORE, { ...NETWORK, ...options }]);
    expect(ran.outcome.error).toMatchObject({ code: 'STEP_FAILED', message: expect.stringMatching(message) });
    await expect(answersOf(ran)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('gives adapters without an address the own ones of the machine, in their order', () => {
    const wishes = [{ name: 'a' }, { macAddress: '02:00:00:00:00:01' }, { name: 'c' }].map((wish) =>
      NetworkAdapterWish.parse(wish),
    );
    const inventory = ['02:00:00:00:00:01', '02:00:00:00:00:02', '02:00:00:00:00:03'];
    expect(identifyAdapters(wishes, inventory).map(({ macAddress }) => macAddress.at(-1))).toEqual(['2', '1', '3']);
  });

  it.each([
    ['255.255.255.0', 24],
    ['0.0.0.0', 0],
    ['255.255.255.255', 32],
    ['255.255.254.0', 23],
    ['255.0.255.0', undefined],
    ['256.0.0.0', undefined],
    ['255.255.255', undefined],
  ])('knows how long %s is', (mask, bits) => {
    expect(maskBits(mask)).toBe(bits);
  });
});

it('shows no password and no product key in any event', async () => {
  const variables = new Variables();
  variables.set('OSDLocalAdminPassword', 'hunter-two', { secret: true });
  const { outcome, events } = await runSteps(
    [
      ...BEFORE,
      { ...WINDOWS, productKey: 'ZZZZZ-BBBBB-CCCCC-DDDDD-EEEEE' },
      { step: 'run-command-line', command: ['note', 'hunter-two', 'ZZZZZ-BBBBB-CCCCC-DDDDD-EEEEE', 'join-secret'] },
      { ...NETWORK, domain: 'example.com', account: 'a', password: 'join-secret' },
      { step: 'set-variable', variable: 'X', value: 'join-secret' },
      {
        step: 'run-command-line',
        command: ['fail', 'join-secret', hiddenPassword('hunter-two', 'AdministratorPassword')],
      },
    ],
    { variables },
  );
  expect(outcome.error).toBeDefined();
  const later = JSON.stringify(
    events.slice(
      events.findIndex((event) => event.event === 'step-finished' && event.name === 'Apply Network Settings'),
    ),
  );
  expect(JSON.stringify(events)).not.toMatch(/hunter-two|ZZZZZ-BBBBB/);
  expect(later).not.toContain('join-secret');
  expect(later).not.toContain(hiddenPassword('hunter-two', 'AdministratorPassword'));
});
