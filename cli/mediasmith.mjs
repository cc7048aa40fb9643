#!/usr/bin/env node
// The one file that any Node runs: it hands over to the Node that is pinned in package.json.
import { spawn } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { answerSignals, endInterrupted, wasInterrupted } from './interrupted-early.mjs';
import { pinnedNode } from './pinned-node.mjs';

answerSignals();
if (realpathSync(pinnedNode()) === realpathSync(process.execPath)) await import('./start.mjs');
else handOver();

function handOver() {
  const start = fileURLToPath(new URL('start.mjs', import.meta.url));
  const child = spawn(pinnedNode(), [start, ...process.argv.slice(2)], { stdio: 'inherit' });
  // A terminal's Ctrl-C reaches both processes by itself; sent by a program it reaches this one only.
  const fromTerminal = process.stdin.isTTY;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => !(signal === 'SIGINT' && fromTerminal) && child.kill(signal));
  }
  child.on('error', (error) => {
    process.stderr.write(`cannot start ${pinnedNode()}: ${error.message}\nRun "npm ci" first.\n`);
    process.exit(3);
  });
  child.on('exit', (code, signal) => {
    // Before it could listen to signals: then nothing was said.
    if (wasInterrupted(signal)) endInterrupted();
    process.exit(signal === null ? code : 130);
  });
}
