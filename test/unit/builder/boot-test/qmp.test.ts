import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Qmp, type QmpEvent } from '../../../../builder/boot-test/qmp.ts';

type Command = { execute: string; arguments: unknown; id: number };

let folder: string;
let server: Server;
let ours: Socket;
let monitor: Socket;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mediasmith-test-'));
  server = createServer().listen(join(folder, 'monitor'));
  await once(server, 'listening');
  ours = connect(join(folder, 'monitor'));
  [monitor] = await once(server, 'connection');
});

afterEach(async () => {
  for (const socket of [ours, monitor]) socket.destroy();
  server.close();
  await rm(folder, { recursive: true });
});

describe('Qmp', () => {
  it('leaves the negotiation mode and gives each command its own answer', async () => {
    const commands = answering((command) =>
      command.execute === 'query-status' ? { return: { status: 'paused', running: false } } : { return: {} },
    );
    const qmp = await greeted();
    expect(await Promise.all([qmp.status(), qmp.command('cont')])).toEqual(['paused', {}]);
    await qmp.screendump('/a.png');
    expect(commands.map(({ execute }) => execute)).toEqual(['qmp_capabilities', 'query-status', 'cont', 'screendump']);
    expect(commands.at(-1)?.arguments).toEqual({ filename: '/a.png', format: 'png' });
  });

  it('passes events on, also those between a command and its answer', async () => {
    answering(({ execute }) => {
      if (execute === 'stop') send({ event: 'STOP', timestamp: { seconds: 1, microseconds: 0 } });
      return { return: {} };
    });
    const qmp = await greeted();
    const events: QmpEvent[] = [];
    qmp.onEvent((event) => events.push(event));
    await qmp.command('stop');
    expect(events).toEqual([{ event: 'STOP', data: {} }]);
  });

  it('says what QEMU says when it refuses a command', async () => {
    answering(({ execute }) =>
      execute === 'screendump' ? { error: { class: 'GenericError', desc: 'no picture' } } : { return: {} },
    );
    const qmp = await greeted();
    await expect(qmp.screendump('/a.png')).rejects.toMatchObject({
      code: 'TOOL_FAILED',
      message: 'QEMU refused screendump: no picture',
    });
  });

  it('ends the commands that wait, and refuses further ones, when QEMU has ended', async () => {
    answering(({ execute }) => {
      if (execute === 'stop') monitor.destroy();
      return execute === 'stop' ? undefined : { return: {} };
    });
    const qmp = await greeted();
    await expect(qmp.command('stop')).rejects.toMatchObject({ code: 'TOOL_FAILED' });
    await expect(qmp.quit()).rejects.toThrow('QEMU ended before it answered: quit');
  });

  it('does not wait for a greeting from a QEMU that has ended', async () => {
    monitor.destroy();
    await expect(Qmp.connect(ours)).rejects.toMatchObject({ code: 'TOOL_FAILED' });
  });
});

function greeted(): Promise<Qmp> {
  const qmp = Qmp.connect(ours);
  send({ QMP: { version: {}, capabilities: [] } });
  return qmp;
}

function answering(answer: (command: Command) => object | undefined): Command[] {
  const commands: Command[] = [];
  createInterface({ input: monitor }).on('line', (line) => {
    const command: Command = JSON.parse(line);
    commands.push(command);
    const answered = answer(command);
    if (answered !== undefined) send({ ...answered, id: command.id });
  });
  return commands;
}

function send(message: object): void {
  monitor.write(`${JSON.stringify(message)}\r\n`);
}
