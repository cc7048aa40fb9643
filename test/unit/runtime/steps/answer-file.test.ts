import { DOMParser } from '@xmldom/xmldom';
import { describe, expect, it } from 'vitest';
import { Variables } from '../../../../runtime/contract/variables.ts';
import { AnswerFile } from '../../../../runtime/steps/answer-file/document.ts';
import { decodeXml } from '../../../../runtime/steps/answer-file/encoding.ts';
import { listItems, node } from '../../../../runtime/steps/answer-file/nodes.ts';
import { hiddenPassword, randomPassword } from '../../../../runtime/steps/answer-file/password.ts';

const SETUP = 'Microsoft-Windows-Shell-Setup';

function existing(body: string): string {
  return `<?xml version="1.0" encoding="utf-8"?>
<unattend xmlns="urn:schemas-microsoft-com:unattend" xmlns:wcm="http://schemas.microsoft.com/WMIConfig/2002/State">
  <!-- kept -->
  ${body}
</unattend>`;
}

function component(name: string, body: string, architecture = 'amd64'): string {
  return `<component name="${name}" processorArchitecture="${architecture}" publicKeyToken="31bf3856ad364e35" language="neutral" versionScope="nonSxS">${body}</component>`;
}

describe('a new answer file', () => {
  it('is what Windows Setup reads', () => {
    const answers = new AnswerFile('x64');
    answers.set('specialize', SETUP, 'ComputerName', 'PC-1');
    answers.set('oobeSystem', SETUP, 'OOBE/HideEULAPage', 'true');
    expect(answers.toString()).toMatchInlineSnapshot(`
      "<?xml version="1.0" encoding="utf-8"?>
      <unattend xmlns="urn:schemas-microsoft-com:unattend"><settings pass="specialize"><component name="Microsoft-Windows-Shell-Setup" processorArchitecture="amd64" publicKeyToken="31bf3856ad364e35" language="neutral" versionScope="nonSxS"><ComputerName>PC-1</ComputerName></component></settings><settings pass="oobeSystem"><component name="Microsoft-Windows-Shell-Setup" processorArchitecture="amd64" publicKeyToken="31bf3856ad364e35" language="neutral" versionScope="nonSxS"><OOBE><HideEULAPage>true</HideEULAPage></OOBE></component></settings></unattend>
      "
    `);
  });

  it('says arm64 on such a machine', () => {
    const answers = new AnswerFile('arm64');
    answers.set('specialize', SETUP, 'ComputerName', 'PC-1');
    expect(answers.toString()).toContain('processorArchitecture="arm64"');
  });

  it('has nothing in it for a value that was not given', () => {
    const answers = new AnswerFile('x64');
    answers.set('specialize', SETUP, 'ComputerName', undefined);
    expect(answers.toString()).not.toContain('settings');
  });

  it.each(['A & B', '<script>', 'Müller "GmbH" \'x\'', ']]>', '&amp;'])('carries %s unharmed', (value) => {
    const answers = new AnswerFile('x64');
    answers.set('specialize', SETUP, 'RegisteredOwner', value);
    const document = new DOMParser().parseFromString(answers.toString(), 'text/xml');
    expect(document.getElementsByTagName('RegisteredOwner').item(0)?.textContent).toBe(value);
  });
});

describe('an answer file that is there', () => {
  it('keeps what nobody sets and changes what is set', () => {
    const old = component(SETUP, '<ComputerName>OLD</ComputerName><TimeZone>UTC</TimeZone>');
    const xml = existing(`<settings pass="specialize">${old}</settings><settings pass="oobeSystem"/>`);
    const answers = new AnswerFile('x64', xml);
    answers.set('specialize', SETUP, 'ComputerName', 'NEW');
    answers.set('oobeSystem', SETUP, 'OOBE/HideEULAPage', 'true');
    const text = answers.toString();
    expect(text).toContain('<!-- kept -->');
    expect(text).toContain('<ComputerName>NEW</ComputerName><TimeZone>UTC</TimeZone>');
    expect(text.match(/<settings /g)).toHaveLength(2);
    expect(text.match(/<\?xml/g)).toHaveLength(1);
    expect(text).not.toContain('OLD');
  });

  it('gets a component of its own where one is for another architecture', () => {
    const other = component(SETUP, '<ComputerName>X86</ComputerName>', 'x86');
    const answers = new AnswerFile('x64', existing(`<settings pass="specialize">${other}</settings>`));
    answers.set('specialize', SETUP, 'ComputerName', 'NEW');
    expect(answers.toString()).toContain('<ComputerName>X86</ComputerName>');
    expect(answers.toString()).toMatch(/processorArchitecture="amd64"[^>]*><ComputerName>NEW</);
  });

  it('is read again the same after it was written', () => {
    const first = new AnswerFile('x64');
    first.runOnce('a.exe', 'A');
    expect(new AnswerFile('x64', first.toString()).toString()).toBe(first.toString());
  });
});

describe('runOnce', () => {
  const orders = (answers: AnswerFile): string[] =>
    [...answers.toString().matchAll(/<Order>(\d+)<\/Order>/g)].map(([, order]) => order ?? '');

  it('numbers the commands as they were called', () => {
    const answers = new AnswerFile('x64');
    answers.runOnce('pnputil.exe /add-driver "C:\\a & b\\*.inf"', 'A');
    answers.runOnce('b.exe', 'B');
    expect(orders(answers)).toEqual(['1', '2']);
    expect(answers.toString()).toContain('wcm:action="add"');
    expect(answers.toString()).toContain('<Path>pnputil.exe /add-driver "C:\\a &amp; b\\*.inf"</Path>');
  });

  it('numbers them behind those that are there, whatever their numbers', () => {
    const command = (order: number) =>
      `<RunSynchronousCommand wcm:action="add"><Order>${order}</Order><Path>x</Path></RunSynchronousCommand>`;
    const list = `<RunSynchronous>${command(7)}${command(3)}</RunSynchronous>`;
    const xml = existing(`<settings pass="specialize">${component('Microsoft-Windows-Deployment', list)}</settings>`);
    const answers = new AnswerFile('x64', xml);
    answers.runOnce('a.exe', 'A');
    expect(orders(answers)).toEqual(['7', '3', '8']);
  });
});

describe('what is replaced', () => {
  const TCPIP = 'Microsoft-Windows-TCPIP';

  it('is put there once, in the order that was given, and its siblings stay', () => {
    const old = component(TCPIP, '<IcmpRedirectsEnabled>false</IcmpRedirectsEnabled><Interfaces><old/></Interfaces>');
    const answers = new AnswerFile('x64', existing(`<settings pass="specialize">${old}</settings>`));
    const adapter = node('Interface', [node('Identifier', '1'), node('List', listItems('Item', ['a', 'b']))], {
      action: 'add',
    });
    for (const _ of [1, 2]) answers.replace('specialize', TCPIP, 'Interfaces', [adapter]);
    expect(answers.toString()).toContain(
      '<IcmpRedirectsEnabled>false</IcmpRedirectsEnabled><Interfaces><Interface wcm:action="add"><Identifier>1</Identifier>' +
        '<List><Item wcm:action="add" wcm:keyValue="1">a</Item><Item wcm:action="add" wcm:keyValue="2">b</Item></List>' +
        '</Interface></Interfaces>',
    );
    expect(answers.toString().match(/xmlns:wcm/g)).toHaveLength(1);
  });

  it('is gone when it is removed, and nothing happens where it is not', () => {
    const old = component(TCPIP, '<Interfaces><old/></Interfaces><Kept>1</Kept>');
    const answers = new AnswerFile('x64', existing(`<settings pass="specialize">${old}</settings>`));
    answers.remove('specialize', TCPIP, 'Interfaces');
    answers.remove('oobeSystem', TCPIP, 'Interfaces');
    expect(answers.toString()).toContain('"><Kept>1</Kept></component>');
    expect(answers.toString()).not.toContain('oobeSystem');
  });

  it('of a command is the one with the same description', () => {
    const answers = new AnswerFile('x64');
    for (const path of ['a.exe', 'b.exe']) answers.runOnce(path, 'A');
    expect(answers.toString().match(/<Path>.*?<\/Path>/g)).toEqual(['<Path>b.exe</Path>']);
  });
});

describe('variables', () => {
  it('are replaced in texts, attributes and CDATA, and stay where they are not set', () => {
    const variables = new Variables();
    variables.set('Name', '<PC & "7">');
    const body = `<settings pass="specialize">${component('X%NAME%', '<A>%name% %Other%</A><B><![CDATA[%Name%]]></B>')}</settings>`;
    const answers = new AnswerFile('x64', existing(body));
    answers.expandVariables(variables);
    const text = answers.toString();
    expect(text).toContain('<A>&lt;PC &amp; "7"&gt; %Other%</A><B><![CDATA[<PC & "7">]]></B>');
    expect(text).toContain('name="X&lt;PC &amp; &quot;7&quot;&gt;"');
    expect(new AnswerFile('x64', text).toString()).toBe(text);
  });
});

describe('what is no answer file', () => {
  it.each([
    ['<unattend', /not well-formed.*line 1/],
    ['<unattend xmlns="urn:schemas-microsoft-com:unattend"><a></unattend>', /not well-formed/],
    [
      '<!DOCTYPE u [<!ENTITY x "y">]><unattend xmlns="urn:schemas-microsoft-com:unattend">&x;</unattend>',
      /not well-formed/,
    ],
    ['<unattend/>', /its root is unattend/],
    ['<other xmlns="urn:schemas-microsoft-com:unattend"/>', /its root is other/],
  ])('is refused: %s', (xml, message) => {
    const read = () => new AnswerFile('x64', xml, 'my.xml');
    expect(read).toThrow(message);
    expect(read).toThrow(expect.objectContaining({ code: 'SOURCE_INVALID', where: 'my.xml' }));
  });
});

describe('the text of a file', () => {
  const XML = '<?xml version="1.0" encoding="ENC"?><a>ü</a>';
  const big = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();

  it.each([
    ['UTF-8', Buffer.from(XML.replace('ENC', 'utf-8'))],
    ['UTF-8 with its mark', Buffer.from(`\ufeff${XML.replace('ENC', 'UTF-8')}`)],
    ['UTF-16', Buffer.from(`\ufeff${XML.replace('ENC', 'utf-16')}`, 'utf16le')],
    ['UTF-16 the other way round', big(`\ufeff${XML.replace('ENC', 'utf-16')}`)],
    ['windows-1252', Buffer.from(XML.replace('ENC', 'windows-1252'), 'latin1')],
    ['a wrong name', Buffer.from(XML.replace('ENC', 'utf-16'))],
    ['an unknown name', Buffer.from(XML.replace('ENC', 'martian'))],
  ])('is read from %s', (_, data) => {
    expect(decodeXml(data)).toMatch(/^<\?xml.*<a>ü<\/a>$/);
  });
});

describe('passwords', () => {
  it('are hidden as Windows does it', () => {
    expect(hiddenPassword('pw', 'AdministratorPassword')).toBe(
      Buffer.from('p\0w\0A\0d\0m\0i\0n\0i\0s\0t\0r\0a\0t\0o\0r\0P\0a\0s\0s\0w\0o\0r\0d\0', 'latin1').toString('base64'),
    );
  });

  it('that are drawn satisfy every rule of complexity and are never the same', () => {
    const drawn = Array.from({ length: 200 }, randomPassword);
    expect(new Set(drawn).size).toBe(200);
    for (const password of drawn) {
      expect(password).toHaveLength(32);
      for (const kind of [/[A-Z]/, /[a-z]/, /\d/, /[^A-Za-z0-9]/]) expect(password).toMatch(kind);
    }
  });
});
