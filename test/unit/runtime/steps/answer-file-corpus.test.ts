import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Variables } from '../../../../runtime/contract/variables.ts';
import { parseXml, type XmlElement } from '../../../../runtime/host/xml.ts';
import { AnswerFile } from '../../../../runtime/steps/answer-file/document.ts';
import { decodeXml } from '../../../../runtime/steps/answer-file/encoding.ts';
import { writeAdapters } from '../../../../runtime/steps/apply-network-settings/adapters.ts';
import { writeMembership } from '../../../../runtime/steps/apply-network-settings/membership.ts';
import { identifyAdapters } from '../../../../runtime/steps/apply-network-settings/run.ts';
import { NetworkAdapterWish } from '../../../../runtime/steps/apply-network-settings/schema.ts';
import { writeWindowsSettings } from '../../../../runtime/steps/apply-windows-settings/run.ts';

const FOLDER = join(import.meta.dirname, '../../../../../shared/data/unattend');
const SOURCE = { where: 'it', code: 'SOURCE_INVALID' } as const;
const ADAPTERS = identifyAdapters(
  [NetworkAdapterWish.parse({ dhcp: true, winsServers: ['192.0.2.1'] })],
  ['02:00:00:00:00:01'],
);
/** Of these nothing is asked: the steps write them. */
const OURS = /ComputerName|HideEULAPage|AdministratorPassword|Identification|Interfaces|RunSynchronous|xmlns/;

describe.skipIf(!existsSync(FOLDER))('the answer files in the shared data', async () => {
  const names = existsSync(FOLDER) ? (await readdir(FOLDER)).filter((name) => name.endsWith('.xml')) : [];

  it('are many', async () => {
    const texts = await Promise.all(names.map(async (name) => decodeXml(await readFile(join(FOLDER, name)))));
    expect(texts.filter(isAnswerFile).length).toBeGreaterThan(100);
  });

  it.each(names)('%s keeps all it has and takes our settings', async (name) => {
    const text = decodeXml(await readFile(join(FOLDER, name)));
    if (!isAnswerFile(text)) return;
    const answers = new AnswerFile('x64', text, name);
    writeWindowsSettings(
      answers,
      { computerName: 'PC-1', acceptEula: true, administrator: 'random-and-disabled' },
      'pw',
    );
    writeMembership(answers, { workgroup: 'HOME' });
    writeAdapters(answers, ADAPTERS);
    answers.expandVariables(new Variables());
    const written = answers.toString();
    const lines = new Set(leaves(parseXml(written, SOURCE)));
    expect(leaves(parseXml(text, SOURCE)).filter((line) => !OURS.test(line) && !lines.has(line))).toEqual([]);
    expect(written).toContain('<JoinWorkgroup>HOME</JoinWorkgroup>');
    expect(new AnswerFile('x64', written).toString()).toBe(written);
  });
});

function isAnswerFile(text: string): boolean {
  try {
    return parseXml(text, SOURCE).name === 'unattend';
  } catch {
    return false;
  }
}

/** Each text with the names above it, and each attribute. */
function leaves({ name, attributes, children, text }: XmlElement, above = ''): string[] {
  const path = `${above}/${name}${attributes.get('pass') ?? ''}${attributes.get('name') ?? ''}`;
  const own = [...attributes].map(([key, value]) => `${path}@${key}=${value}`);
  return [
    ...own,
    ...(text.trim() === '' ? [] : [`${path}=${text.trim()}`]),
    ...children.flatMap((child) => leaves(child, path)),
  ];
}
