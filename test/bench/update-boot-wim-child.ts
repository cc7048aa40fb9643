import { copyFile, readFile } from 'node:fs/promises';
import { type BootImageOptions, customiseBootImage } from '../../builder/boot/winpe/customise.ts';
import { exec } from '../../runtime/host/exec.ts';

const [, , source = '', file = ''] = process.argv;
const options: BootImageOptions = JSON.parse(await readFile(file, 'utf8'));
await copyFile(source, options.wim);
await customiseBootImage(
  { ...options, identityTime: new Date(options.identityTime), onProgress: () => undefined },
  exec,
);
