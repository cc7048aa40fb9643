import { formatBytes } from '../../runtime/contract/format-bytes.ts';
import { benchApply } from './apply-wim.ts';
import { benchBuild } from './build-iso.ts';
import type { BenchResult } from './compare.ts';
import { benchRunSteps } from './run-steps.ts';
import { benchSimulate } from './simulate.ts';
import { benchStart } from './start-runtime.ts';
import { benchBootImage } from './update-boot-wim.ts';
import { benchUsb } from './usb.ts';
import { benchUsbUpdate } from './usb-update.ts';
import { benchWindowsIso } from './windows-iso.ts';

const BENCHES = {
  start: benchStart,
  simulate: benchSimulate,
  'run-steps': benchRunSteps,
  apply: benchApply,
  'boot-image': benchBootImage,
  build: benchBuild,
  usb: benchUsb,
  'usb-update': benchUsbUpdate,
  'windows-iso': benchWindowsIso,
};

// `npm run bench [-- NAME ...] [--json]`: our times beside those of the tools we build on, by turns in one run.
const results: BenchResult[] = [];
const wanted = process.argv.slice(2).filter((word) => !word.startsWith('-'));
const unknown = wanted.filter((name) => !Object.hasOwn(BENCHES, name));
if (unknown.length > 0) {
  process.stderr.write(`no bench is called ${unknown.join(', ')}: there are ${Object.keys(BENCHES).join(', ')}\n`);
  process.exit(2);
}
for (const [name, bench] of Object.entries(BENCHES)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const found = await bench();
  for (const result of Array.isArray(found) ? found : [found]) {
    results.push(result);
    const { name, ratio, yardstick, ours, theirs } = result;
    const runs = [ours, theirs].map(({ seconds, peakBytes }) => `${seconds.toFixed(3)} s, ${formatBytes(peakBytes)}`);
    process.stderr.write(`${ratio.toFixed(2)}  ${name}\n      ours ${runs[0]}; theirs ${runs[1]}: ${yardstick}\n`);
  }
}
if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify({ results })}\n`);
