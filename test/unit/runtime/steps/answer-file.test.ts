import { DOMParser } from '@xmldom/xmldom';
import { describe, expect, it } from 'vitest';
import { AnswerFile } from '../../../../runtime/steps/answer-file.ts';

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
