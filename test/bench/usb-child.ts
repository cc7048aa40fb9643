import { open } from 'node:fs/promises';
import { planStick } from '../../builder/stick/plan-stick.ts';
import { stickIdentity } from '../../builder/stick/stick-identity.ts';
import { flusher } from '../../builder/writers/usb/flush.ts';
import { stickFile } from '../../builder/writers/usb/stick-file.ts';
import { writeStick } from '../../builder/writers/usb/write-stick.ts';
import { exec } from '../../runtime/host/exec.ts';

// Writes the image of a stick with one file, whose hash nobody knows, as a build does, and prints how long the two halves took.
const [source = '', image = '', bytes = '0'] = process.argv.slice(2);
const path = 'mediasmith/images/big.wim';
const files = [stickFile(path, { file: source, parts: [{ offset: 0, bytes: Number(bytes) }] })];
const identity = stickIdentity('11111111-2222-4333-8444-555555555555');
const plan = planStick(files, { layout: 'fat32+exfat', partitionTable: 'mbr', label: 'BENCH', identity });
const { signal } = new AbortController();
const late = { files: [], make: () => new Map<string, Uint8Array>() };
const start = performance.now();
await using handle = await open(image, 'w+');
await handle.truncate(plan.bytes);
const flush = flusher(image, handle, { exec, signal });
const flushed: number[] = [];
await writeStick({ files, late, plan, partitionTable: 'mbr', identity, bios: undefined }, handle, {
  ...{ signal, onWritten: () => undefined, onVerified: () => undefined },
  flush: async () => {
    await flush();
    flushed.push(performance.now());
  },
});
// After its first sector has gone, after all that was copied, after its first sector has come.
const [, copied = 0, finished = 0] = flushed;
const seconds = { write: (copied - start) / 1000, readBack: (finished - copied) / 1000 };
process.stdout.write(JSON.stringify({ ...seconds, peakBytes: process.resourceUsage().maxRSS * 1024 }));
