#!/usr/bin/env node
// The one file that any Node runs: it hands over to the Node that is pinned in package.json.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { pinnedNode } from './pinned-node.mjs';

const main = fileURLToPath(new URL('main.ts', import.meta.url));
const child = spawn(pinnedNode(), [main, ...process.argv.slice(2)], { stdio: 'inherit' });
// A Ctrl-C reaches both processes; only the child decides what it means.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => signal === 'SIGTERM' && child.kill(signal));
child.on('error', (error) => {
  process.stderr.write(`cannot start ${pinnedNode()}: ${error.message}\nRun "npm ci" first.\n`);
  process.exit(3);
});
child.on('exit', (code, signal) => process.exit(signal === null ? code : 130));
