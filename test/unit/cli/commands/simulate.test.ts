import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { type SimulateOptions, simulate } from '../../../../cli/commands/simulate.ts';
import { ROOT } from '../../../helpers/sources.ts';
import { temporaryFolder, writeFiles } from '../../../helpers/temporary-folder.ts';

const MACHINE = join(ROOT, 'templates/machines/laptop-uefi-tpm.json');
const sequence = (id: string, step: string): string =>
  `{ formatVersion: 2, id: ${id}, name: T, startsIn: winpe, steps: [${step}] }`;
const PARENT = sequence('parent', '{ step: run-sequence, name: Call, sequence: kid }');
const KID = sequence('kid', '{ step: run-command-line, name: "A=B", command: a }');

async function run(files: Record<string, string>, options: Partial<SimulateOptions> = {}, first = 'parent.yaml') {
  const folder = await temporaryFolder();
  await writeFiles(folder, files);
  const session = { signal: new AbortController().signal, progress: () => Promise.reject(new Error('none')) };
  return { folder, result: simulate(session, join(folder, first), { machine: MACHINE, ...options }) };
}

describe('mediasmith simulate', () => {
  it('does not mind what else lies beside the sequence', async () => {
    const folder = await temporaryFolder();
    await writeFiles(folder, { 'parent.yaml': PARENT, 'kid.yaml': KID, 'a.json': Buffer.from([0xff, 0xfe, 0]) });
    await mkdir(join(folder, 'folder.yaml'));
    await promisify(execFile)('mkfifo', [join(folder, 'pipe.yaml')]);
    const session = { signal: new AbortController().signal, progress: () => Promise.reject(new Error('none')) };
    const { document } = await simulate(session, join(folder, 'parent.yaml'), { machine: MACHINE });
    expect(document).toMatchObject({ result: 'succeeded', steps: [{ name: 'A=B', outcome: 'ran' }] });
  });

  it('says that a child is there but not valid', async () => {
    const { result } = await run({ 'parent.yaml': PARENT, 'kid.yaml': KID.replace('command:', 'comand:') });
    await expect(result).rejects.toMatchObject({
      code: 'SEQUENCE_INVALID',
      message: expect.stringContaining('which is not there'),
      lines: [expect.stringContaining('kid.yaml is not a valid sequence')],
    });
  });

  it('guesses at none of two children of one id', async () => {
    const { result } = await run({ 'parent.yaml': PARENT, 'a.yaml': KID, 'b.yaml': KID });
    await expect(result).rejects.toMatchObject({ code: 'SEQUENCE_INVALID', lines: ['a.yaml', 'b.yaml'] });
  });

  it.each(['_SMSTSModel=X', 'a b=c', '__proto__=1', '=x', 'x'])('refuses --variable %s', async (text) => {
    const { result } = await run({ 'kid.yaml': KID }, { variable: [text] }, 'kid.yaml');
    await expect(result).rejects.toMatchObject({ code: 'USAGE', hint: expect.any(String) });
  });

  it.each([[['A=B=0']], [['A=B=x']], [['A=B=4294967296']], [['A=B=1', 'A=B=2']], [['C=1']], [['A=B=']]])(
    'refuses --fail %j',
    async (fail) => {
      const { result } = await run({ 'kid.yaml': KID }, { fail }, 'kid.yaml');
      await expect(result).rejects.toMatchObject({ code: 'USAGE', hint: expect.any(String) });
    },
  );

  it('rolls back an upgrade and nothing else', async () => {
    const upgrade = sequence('up', '{ step: upgrade-operating-system, name: Up, upgradePackage: a }').replace(
      'winpe',
      'full-os',
    );
    const { result } = await run({ 'up.yaml': upgrade }, { fail: ['Up=rollback'] }, 'up.yaml');
    expect((await result).document).toMatchObject({ failed: { reason: expect.stringContaining('rolled') } });
    const other = await run({ 'kid.yaml': KID }, { fail: ['A=B=rollback'] }, 'kid.yaml');
    await expect(other.result).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining('upgrades no'),
    });
  });

  it('says once which conditions hold, and what is done in the end', async () => {
    const inner = '{ step: run-command-line, name: A, command: a }, { step: run-command-line, name: B, command: b }';
    const group = `{ group: G, condition: { variable: X, operator: notExists }, steps: [${inner}] }`;
    const { result } = await run({ 'g.yaml': sequence('g', group) }, {}, 'g.yaml');
    expect((await result).text?.split('\n').slice(0, 8)).toEqual([
      'if        "G": X (not set) notExists is true',
      ...['ran       A (run-command-line)', '          > a', 'ran       B (run-command-line)', '          > b', ''],
      ...['In the end:', '          > X:\\Windows\\System32\\wpeutil.exe reboot'],
    ]);
  });

  it.each(['A=B=5', 'A=B=0x80070005', 'A=B=-1'])('takes --fail %s', async (text) => {
    const { result } = await run({ 'kid.yaml': KID }, { fail: [text] }, 'kid.yaml');
    expect((await result).document).toMatchObject({ result: 'failed' });
  });

  it('names the option whose file is not there', async () => {
    const { result } = await run({ 'kid.yaml': KID }, { machine: '/nowhere.json' }, 'kid.yaml');
    await expect(result).rejects.toMatchObject({ hint: expect.stringContaining('--machine') });
  });
});
