import { expect, it } from 'vitest';
import { pnputilArgv, shutdownArgv } from '../../../../../runtime/platform/windows/command-lines.ts';
import { protectArgvs } from '../../../../../runtime/platform/windows/register-resume.ts';
import {
  createTaskArgv,
  deleteTaskArgv,
  queryTaskArgv,
  resumeTaskFile,
  resumeTaskXml,
  runTaskArgv,
} from '../../../../../runtime/platform/windows/resume-task.ts';

const ROOT = 'C:\\Windows';
const SYSTEM = 'C:\\Windows\\System32';

it('leaves by shutdown.exe', () => {
  expect(shutdownArgv(ROOT, 'restart')).toEqual([`${SYSTEM}\\shutdown.exe`, '/r', '/f', '/t', '0']);
  expect(shutdownArgv(ROOT, 'shutdown')).toEqual([`${SYSTEM}\\shutdown.exe`, '/s', '/f', '/t', '0']);
});

it('adds drivers by pnputil', () => {
  expect(pnputilArgv(ROOT, 'C:\\drivers')).toEqual([
    `${SYSTEM}\\pnputil.exe`,
    '/add-driver',
    'C:\\drivers\\*.inf',
    '/subdirs',
    '/install',
  ]);
});

it('registers, finds, starts and removes the task', () => {
  const schtasks = `${SYSTEM}\\schtasks.exe`;
  expect(createTaskArgv(ROOT, 'C:\\a b.xml')).toEqual([
    schtasks,
    '/Create',
    '/TN',
    'Mediasmith resume',
    '/XML',
    'C:\\a b.xml',
    '/F',
  ]);
  expect(queryTaskArgv(ROOT)).toEqual([schtasks, '/Query', '/TN', 'Mediasmith resume']);
  expect(runTaskArgv(ROOT)).toEqual([schtasks, '/Run', '/TN', 'Mediasmith resume']);
  expect(deleteTaskArgv(ROOT)).toEqual([schtasks, '/Delete', '/TN', 'Mediasmith resume', '/F']);
});

it('takes a folder first from its owner, then from whoever had rights to it, and gives it to two alone', () => {
  const icacls = `${SYSTEM}\\icacls.exe`;
  expect(protectArgvs(ROOT, 'C:\\a b')).toEqual([
    [icacls, 'C:\\a b', '/setowner', '*S-1-5-32-544', '/T', '/L', '/Q'],
    [icacls, 'C:\\a b', '/reset', '/T', '/L', '/Q'],
    [
      ...[icacls, 'C:\\a b', '/inheritance:r'],
      ...['/grant:r', '*S-1-5-18:(OI)(CI)F', '/grant:r', '*S-1-5-32-544:(OI)(CI)F', '/Q'],
    ],
  ]);
});

const COMMAND = { program: 'C:\\_SMSTaskSequence\\bin\\mediasmith.exe', arguments: 'resume' };

it('describes the task', () => {
  expect(resumeTaskXml(COMMAND)).toMatchInlineSnapshot(`
    "<?xml version="1.0" encoding="UTF-16"?>
    <Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
      <RegistrationInfo>
        <Description>Goes on with the task sequence that has restarted this computer.</Description>
      </RegistrationInfo>
      <Triggers>
        <BootTrigger />
      </Triggers>
      <Principals>
        <Principal id="System">
          <UserId>S-1-5-18</UserId>
          <RunLevel>HighestAvailable</RunLevel>
        </Principal>
      </Principals>
      <Settings>
        <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
        <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
        <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
        <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
        <Priority>5</Priority>
      </Settings>
      <Actions Context="System">
        <Exec>
          <Command>C:\\_SMSTaskSequence\\bin\\mediasmith.exe</Command>
          <Arguments>resume</Arguments>
        </Exec>
      </Actions>
    </Task>
    "
  `);
});

it('writes it as UTF-16 with its mark, and what XML reserves in its words', () => {
  const file = resumeTaskFile({ ...COMMAND, program: 'C:\\R&D <1>\\mediasmith.exe' });
  expect([...file.subarray(0, 2)]).toEqual([0xff, 0xfe]);
  expect(file.toString('utf16le', 2)).toContain('<Command>C:\\R&amp;D &lt;1&gt;\\mediasmith.exe</Command>\r\n');
});
