import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MediasmithError } from '../../../../runtime/contract/errors.ts';
import { RunResult } from '../../../../runtime/contract/results.ts';
import { Variables } from '../../../../runtime/contract/variables.ts';
import { earlierResults } from '../../../../runtime/engine/earlier-results.ts';
import { folderName, leavePartOfLog, leaveResults } from '../../../../runtime/engine/leave-results.ts';
import { resultOf } from '../../../../runtime/engine/run-result.ts';
import type { PlaceToWrite } from '../../../../runtime/platform/place-to-write.ts';
import type { TargetVolume } from '../../../../runtime/platform/platform.ts';
import { Sequence } from '../../../../runtime/sequence/schema.ts';
import { MEDIUM_ID, writeFakeMedium } from '../../../helpers/fake-medium.ts';
import { FakePlatform } from '../../../helpers/fake-platform.ts';
import { aMachine } from '../../../helpers/machine.ts';
import { aJournal } from '../../../helpers/run.ts';
import { temporaryFolder } from '../../../helpers/temporary-folder.ts';

const WINDOWS = { name: 'Windows', role: 'primary', device: 'W:\\', fileSystem: 'ntfs' } as TargetVolume;
const ENDED = new Date('2026-01-01T00:12:05.400Z');
const SECRET = 'correct horse battery';
const PLACE = 'PC-7-20260101T001205Z';

type Given = {
  logFolder?: string;
  logAccount?: string;
  logPassword?: string;
  error?: unknown;
  more?: Record<string, string>;
};

async function ended({ error, more = {}, ...log }: Given = {}) {
  const folder = await temporaryFolder();
  const platform = new FakePlatform(folder);
  const manifest = await writeFakeMedium(folder, []);
  const medium = { ...(await platform.findMedium(manifest.id)), manifest };
  const steps = [{ step: 'set-variable', variable: 'A', value: 'a' }];
  const wish = { formatVersion: 2, id: 'install', name: 'Install', steps, ...log };
  const sequence = Sequence.parse(wish);
  const variables = new Variables();
  variables.set('OSDComputerName', 'PC-7');
  variables.set('Password', SECRET, { secret: true });
  for (const [name, value] of Object.entries(more)) variables.set(name, value);
  variables.set('Shown', `it is ${SECRET}`);
  const logFile = join(folder, 'smsts.log');
  await writeFile(logFile, 'the log');
  const failed = { index: 2, of: 3, name: `Join ${SECRET}`, type: 'join-domain-or-workgroup' };
  const result = resultOf({
    ...{ begin: aJournal().memory.begin, ended: ENDED, sequence, medium, machine: aMachine(), variables, error },
    steps: [
      { index: 1, name: 'One', type: 'set-variable', outcome: 'succeeded', seconds: 1.5 },
      { index: 2, name: failed.name, type: failed.type, outcome: 'failed', seconds: 2, error: `no: ${SECRET}` },
      { index: 3, name: 'Three', type: 'set-variable', outcome: 'not-run' },
    ],
    failed,
  });
  variables.set('Share', join(folder, 'share'));
  const said: string[] = [];
  const say = (level: string, message: string) => void said.push(`${level}: ${message}`);
  const leaving = { result, sequence, variables, platform, medium, windows: WINDOWS, logFile, log: say };
  return { folder, platform, result, leaving, said, log: say };
}

describe('a result', () => {
  it('says what became of a run', async () => {
    const lines = [`user ${SECRET}`];
    const error = new MediasmithError('TOOL_FAILED', `refused ${SECRET}`, { lines, exitCode: 5, hint: 'Ask.' });
    const { result } = await ended({ error });
    expect(RunResult.parse(result)).toEqual(result);
    expect(JSON.stringify(result)).not.toMatch(/correct|battery/);
    expect(result).toMatchInlineSnapshot(`
      {
        "ended": "2026-01-01T00:12:05.400Z",
        "error": {
          "code": "TOOL_FAILED",
          "exitCode": 5,
          "hint": "Ask.",
          "lines": [
            "user ********",
          ],
          "message": "refused ********",
        },
        "failedStep": {
          "index": 2,
          "name": "Join ********",
          "type": "join-domain-or-workgroup",
        },
        "formatVersion": 1,
        "machine": {
          "assetTag": "",
          "macAddresses": [
            "02:00:00:00:00:01",
          ],
          "make": "Stand-in",
          "model": "Model 1",
          "name": "PC-7",
          "serial": "SN1",
          "uuid": "11111111-2222-3333-4444-555555555555",
        },
        "medium": {
          "id": "3b241101-e2bb-4255-8caf-4136c566a962",
          "name": "A medium",
        },
        "outcome": "failed",
        "run": "11111111-1111-4111-8111-111111111111",
        "seconds": 725,
        "sequence": {
          "id": "install",
          "name": "Install",
        },
        "started": "2026-01-01T00:00:00.000Z",
        "steps": [
          {
            "index": 1,
            "name": "One",
            "outcome": "succeeded",
            "seconds": 1.5,
            "type": "set-variable",
          },
          {
            "error": "no: ********",
            "index": 2,
            "name": "Join ********",
            "outcome": "failed",
            "seconds": 2,
            "type": "join-domain-or-workgroup",
          },
          {
            "index": 3,
            "name": "Three",
            "outcome": "not-run",
            "type": "set-variable",
          },
        ],
        "variables": {
          "OSDComputerName": "PC-7",
          "Shown": "it is ********",
        },
      }
    `);
  });

  it('does not tell the password of the log folder, though a variable that nobody has called secret gives it', async () => {
    const log = { logFolder: '\\\\server\\logs', logAccount: 'ann', logPassword: '%LogWord%' };
    const { result } = await ended({ ...log, more: { LogWord: 'hunter2' } });
    expect(result.variables.LogWord).toBe('********');
    expect(JSON.stringify(result)).not.toContain('hunter2');
  });

  it('of a success has no error and no failed step', async () => {
    const { result } = await ended();
    expect(result.outcome).toBe('succeeded');
    expect(result).not.toHaveProperty('error');
    expect(result).not.toHaveProperty('failedStep');
  });

  it.each([
    ['PC 7/ä', 'S', 'PC-7--20260101T001205Z'],
    ['', 'SN1', 'SN1-20260101T001205Z'],
    ['', ' ', 'uuid-20260101T001205Z'],
  ])('lies in a folder that every file system takes: "%s", "%s"', (name, serial, folder) => {
    const machine = { name, serial, uuid: 'uuid' } as RunResult['machine'];
    expect(folderName({ machine, ended: ENDED.toISOString() })).toBe(folder);
  });
});

describe('log and result are left', () => {
  const files = async (folder: string) => (await readdir(folder, { recursive: true })).sort();

  it('on the Windows volume, the medium, and in the folder of the sequence', async () => {
    const { folder, platform, leaving, said, result } = await ended({ logFolder: '%Share%/logs' });
    platform.mediumTakesFiles = true;
    expect(await leaveResults(leaving)).toEqual([
      'Windows\\Logs\\Mediasmith on the Windows volume',
      `mediasmith/results/${PLACE} on the medium`,
      `${join(folder, 'share/logs')}, folder ${PLACE}`,
    ]);
    expect(said).toEqual([]);
    expect(await files(join(platform.volume('Windows'), 'Windows/Logs/Mediasmith'))).toEqual([
      'result-install.json',
      'smsts.log',
    ]);
    for (const place of ['medium/mediasmith/results', 'share/logs']) {
      expect(await files(join(folder, place, PLACE))).toEqual(['result.json', 'smsts.log']);
      const text = await readFile(join(folder, place, PLACE, 'result.json'), 'utf8');
      expect(RunResult.parse(JSON.parse(text))).toEqual(result);
    }
  });

  it('silently nowhere on a disc', async () => {
    const { leaving, said } = await ended();
    expect(await leaveResults({ ...leaving, windows: undefined })).toEqual([]);
    expect(said).toEqual([]);
  });

  it.each(['%Unset%/logs', '\\\\server\\logs\\%Unset%', '\\\\server', 'logs', 'C:\\logs'])(
    'with a warning where the folder cannot be reached: %s',
    async (logFolder) => {
      const { leaving, said, platform } = await ended({ logFolder });
      expect(platform.name).toBe('linux');
      await leaveResults(leaving);
      expect(said).toEqual([expect.stringMatching(/^warning: log and result could not be left in the log folder/)]);
    },
  );

  it.each(['linux', 'winpe', 'windows'] as const)(
    'on a share, with the account of the sequence, by %s',
    async (name) => {
      const { platform, leaving, said, result } = await ended({
        ...{
          logFolder: '\\\\server\\logs\\%OSDComputerName%\\all',
          logAccount: 'CORP\\%Who%',
          logPassword: '%Password%-x',
        },
      });
      leaving.variables.set('Who', 'ann');
      const opened: PlaceToWrite[] = [];
      const open = platform.openForWriting.bind(platform);
      Object.assign(platform, {
        name,
        openForWriting: (place: PlaceToWrite) => {
          opened.push(place);
          return open(place);
        },
      });
      expect((await leaveResults(leaving)).at(-1)).toBe(`\\\\server\\logs\\PC-7\\all, folder ${PLACE}`);
      expect(said).toEqual(['info: connecting to \\\\server\\logs\\PC-7\\all, for log and result']);
      const share = { kind: 'share', server: 'server', share: 'logs', path: '', user: 'CORP\\ann' };
      expect(opened).toEqual([{ kind: 'share', share, password: `${SECRET}-x` }]);
      expect(leaving.variables.secrets()).toContain(`${SECRET}-x`);
      const place = join(platform.volume('share'), 'PC-7/all', PLACE);
      expect(await files(place)).toEqual(['result.json', 'smsts.log']);
      expect(RunResult.parse(JSON.parse(await readFile(join(place, 'result.json'), 'utf8')))).toEqual(result);
      expect(platform.deeds.at(-1)).toBe('close \\\\server\\logs');
    },
  );

  it('with a warning where the share does not open, and elsewhere all the same', async () => {
    const { platform, leaving, said } = await ended({ logFolder: '\\\\server\\logs', logAccount: 'ann' });
    platform.openForWriting = async () => {
      throw new MediasmithError('PASSWORD_WRONG', 'the account or the password is wrong');
    };
    expect(await leaveResults(leaving)).toEqual(['Windows\\Logs\\Mediasmith on the Windows volume']);
    expect(said).toEqual([
      expect.stringMatching(/^info: connecting to /),
      expect.stringMatching(/^warning: .* log folder of the sequence: PASSWORD_WRONG/),
    ]);
  });

  it('elsewhere when one place fails', async () => {
    const { folder, platform, leaving, said } = await ended({ logFolder: '%Share%' });
    await mkdir(platform.volume('Windows'), { recursive: true });
    await writeFile(join(platform.volume('Windows'), 'Windows'), 'a file');
    expect(await leaveResults(leaving)).toEqual([`${join(folder, 'share')}, folder ${PLACE}`]);
    expect(said).toEqual([expect.stringMatching(/^warning: .* on the Windows volume: /)]);
  });

  it('without a log that is gone, and says so', async () => {
    const { folder, platform, leaving, said } = await ended({ logFolder: '%Share%' });
    platform.mediumTakesFiles = true;
    const places = await leaveResults({ ...leaving, logFile: join(folder, 'gone.log') });
    expect(places).toHaveLength(3);
    expect(said).toEqual(
      [1, 2, 3].map(() => expect.stringMatching(/^warning: the result is left without the log: ENOENT/)),
    );
    for (const place of ['medium/mediasmith/results', 'share'])
      expect(await files(join(folder, place, PLACE))).toEqual(['result.json']);
  });

  it('not where the folder of the sequence is a file', async () => {
    const { folder, leaving, said } = await ended({ logFolder: '%Share%' });
    await writeFile(join(folder, 'share'), 'a file');
    expect(await leaveResults(leaving)).toHaveLength(1);
    expect(said).toEqual([expect.stringMatching(/^warning: .* in the log folder of the sequence: /)]);
    expect(await readFile(join(folder, 'share'), 'utf8')).toBe('a file');
  });

  it('in parts where the run goes on elsewhere', async () => {
    const { platform, leaving } = await ended();
    await leavePartOfLog(leaving, ENDED);
    expect(await files(join(platform.volume('Windows'), 'Windows/Logs/Mediasmith'))).toEqual([
      'smsts-20260101T001205Z.log',
    ]);
  });
});

describe('what disks remember', () => {
  it('is the last result of a sequence, and nothing that cannot be read', async () => {
    const { platform, leaving, result, log, said } = await ended();
    await leaveResults(leaving);
    const damaged = join(platform.volume('Windows'), 'Windows/Logs/Mediasmith/result-broken.json');
    await writeFile(damaged, '{"formatVersion":1');
    platform.installed = [
      { device: 'disk', style: 'gpt', identity: MEDIUM_ID, volumes: [WINDOWS], windows: WINDOWS },
      { device: 'other', style: 'gpt', identity: MEDIUM_ID, volumes: [] },
    ];
    const wanted = [{ ...leaving.sequence, id: 'broken' }, leaving.sequence, { ...leaving.sequence, id: 'never-run' }];
    expect(await earlierResults(platform, wanted, log)).toEqual([result]);
    expect(said).toEqual([]);
  });

  it('is nothing where the disks cannot be looked at', async () => {
    const { platform, leaving, log, said } = await ended();
    platform.installedWindows = () => Promise.reject(new Error('no'));
    expect(await earlierResults(platform, [leaving.sequence], log)).toEqual([]);
    expect(said).toHaveLength(1);
  });
});
