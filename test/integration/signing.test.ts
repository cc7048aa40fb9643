import { copyFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashBytes, hashFile } from '../../builder/hash.ts';
import { readSecretKey } from '../../builder/signing/secret-key.ts';
import { sign } from '../../builder/signing/sign.ts';
import { extractFromArchive } from '../../builder/tools/seven-zip.ts';
import { locateInIso } from '../../builder/tools/xorriso.ts';
import { KEY_INITRD_PATH } from '../../runtime/contract/linux-start.ts';
import { MEDIUM_PATHS } from '../../runtime/contract/manifest.ts';
import { readManifest } from '../../runtime/engine/verify-medium.ts';
import { exec } from '../../runtime/host/exec.ts';
import { parsePublicKey, verifySignature } from '../../runtime/seal/minisign.ts';
import { TRUSTED_KEY_FILE } from '../../runtime/seal/trusted-key.ts';
import { cli } from '../helpers/cli.ts';
import { SEQUENCE } from '../helpers/project.ts';
import { readCpio } from '../helpers/read-cpio.ts';
import { forgeManifest } from '../helpers/signing-key.ts';
import { temporaryFolder, writeFiles } from '../helpers/temporary-folder.ts';

const PASSWORD = 'correct horse';

let place: string;
const at = (name: string): string => join(place, name);

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'mediasmith-signing-'));
  await exec(['minisign', '-G', '-W', '-p', at('plain.pub'), '-s', at('plain.key')]);
  // It asks for the password twice.
  await exec(['minisign', '-G', '-p', at('locked.pub'), '-s', at('locked.key')], { input: `${PASSWORD}\n`.repeat(2) });
});
afterAll(() => rm(place, { recursive: true, force: true }));

const minisignVerify = (key: string, file: string) =>
  exec(['minisign', '-V', '-p', key, '-m', file]).then(({ stdout }) => stdout);

describe("minisign's own tool", () => {
  it.each([
    ['without a password', 'plain', undefined],
    ['with a password', 'locked', PASSWORD],
  ])('agrees with what is signed with its key %s', async (_, name, password) => {
    const file = join(await temporaryFolder(), 'file');
    await writeFile(file, 'any content');
    const key = await readSecretKey(at(`${name}.key`), password);
    const publicKey = parsePublicKey(await readFile(at(`${name}.pub`), 'utf8'));
    expect(key.publicKey).toMatchObject({ id: publicKey.id, line: publicKey.line });
    await writeFile(`${file}.minisig`, sign(Buffer.from('any content'), key, 'mediasmith 1'));
    expect(await minisignVerify(at(`${name}.pub`), file)).toContain('Trusted comment: mediasmith 1');
    await writeFile(file, 'other content');
    await expect(minisignVerify(at(`${name}.pub`), file)).rejects.toThrow();
  });

  it('refuses the password that we refuse', async () => {
    await expect(readSecretKey(at('locked.key'), 'wrong')).rejects.toMatchObject({ code: 'KEY_INVALID' });
  });

  it.each([['prehashed'], ['older', '-l']])('signs, %s, and we agree', async (_, ...options) => {
    const file = join(await temporaryFolder(), 'file');
    await writeFile(file, 'signed by the tool');
    await exec(['minisign', '-S', ...options, '-s', at('plain.key'), '-m', file, '-t', 'größer']);
    const publicKey = parsePublicKey(await readFile(at('plain.pub'), 'utf8'));
    const signature = await readFile(`${file}.minisig`, 'utf8');
    expect(verifySignature(await readFile(file), signature, publicKey)).toEqual({ trustedComment: 'größer' });
  });
});

describe('a signed medium', () => {
  let iso: string;
  let unpacked: string;

  beforeAll(async () => {
    iso = await build('signed', ['signing: { key: minisign.key }']);
    unpacked = at('unpacked');
    await extractFromArchive({ archive: iso, folder: unpacked }, exec);
  });

  it('is taken by minisign with the key that lies on it, which is the one that was named', async () => {
    const manifest = join(unpacked, MEDIUM_PATHS.manifest);
    const { id } = JSON.parse(await readFile(manifest, 'utf8'));
    expect(await minisignVerify(join(unpacked, MEDIUM_PATHS.publicKey), manifest)).toContain(`mediasmith ${id}`);
    expect(await readFile(join(unpacked, MEDIUM_PATHS.publicKey), 'utf8')).toBe(
      await readFile(at('plain.pub'), 'utf8'),
    );
  });

  it('starts with the key in its boot environment', async () => {
    const entries = readCpio(await readFile(join(unpacked, KEY_INITRD_PATH)));
    const key = entries.find(({ path }) => path === TRUSTED_KEY_FILE);
    expect(key?.data.toString()).toBe(await readFile(at('plain.pub'), 'utf8'));
    const menu = await readFile(join(unpacked, 'boot/grub/grub.cfg'), 'utf8');
    expect(menu).toContain(`initrd /boot/initrd.img /${KEY_INITRD_PATH}\n`);
    expect(menu).toContain(' mediasmith.signed ');
  });

  it('is the same to the byte when it is built again, and another one with another key', async () => {
    expect(await hashFile(await build('again', ['signing: { key: minisign.key }']))).toBe(await hashFile(iso));
    const other = await build('other', ['signing:', '  key: locked.key', '  password: { file: password.txt }']);
    const { exitCode, stdout } = await cli(['verify', other, '--key', at('locked.pub'), '--json']);
    expect([exitCode, JSON.parse(stdout).signature]).toEqual([0, 'valid']);
    const ids = await Promise.all([iso, other].map(async (file) => JSON.parse(await manifestOf(file)).id));
    expect(ids[0]).not.toBe(ids[1]);
  });

  it('is verified with the right key, as a file and as text, with a wrong one, and with its own', async () => {
    const line = parsePublicKey(await readFile(at('plain.pub'), 'utf8')).line;
    for (const key of [at('plain.pub'), line]) {
      const { exitCode, stdout } = await cli(['verify', iso, '--key', key, '--json']);
      const document = JSON.parse(stdout);
      expect(exitCode).toBe(0);
      expect(Object.keys(document).sort()).toEqual(['bad', 'bytes', 'efi', 'extra', 'files', 'passed', 'signature']);
      expect(document).toMatchObject({ passed: true, bad: [], signature: 'valid', extra: [] });
    }
    const wrong = await cli(['verify', iso, '--key', at('locked.pub'), '--json']);
    expect([wrong.exitCode, JSON.parse(wrong.stdout)]).toMatchObject([
      4,
      { passed: false, signature: 'invalid', error: { code: 'SIGNATURE_INVALID' } },
    ]);
    const own = await cli(['verify', iso]);
    expect([own.exitCode, own.stdout]).toEqual([0, expect.stringContaining('that proves only that it is whole')]);
  });

  it('is refused where its manifest was changed together with its digest, by verify and by the runtime', async () => {
    const forged = at('forged.iso');
    await copyFile(iso, forged);
    const text = (await manifestOf(iso)).replace('"name": "Test"', '"name": "Text"');
    await overwrite(forged, MEDIUM_PATHS.manifest, text);
    await overwrite(forged, MEDIUM_PATHS.manifestDigest, `${hashBytes(Buffer.from(text))}  manifest.json\n`);
    const { exitCode, stdout } = await cli(['verify', forged, '--json']);
    expect([exitCode, JSON.parse(stdout)]).toMatchObject([
      4,
      { passed: false, signature: 'invalid', bad: [{ path: MEDIUM_PATHS.manifestSignature }] },
    ]);
    const publicKey = await readFile(at('plain.pub'), 'utf8');
    expect((await readManifest(unpacked, { publicKey })).name).toBe('Test');
    await forgeManifest(unpacked, (manifest) => manifest.replace('"name": "Test"', '"name": "Text"'));
    await expect(readManifest(unpacked, { publicKey })).rejects.toMatchObject({ code: 'SIGNATURE_INVALID' });
  });
});

it('a medium that is not signed is whole, and damage where it is to be signed', async () => {
  const iso = await build('unsigned', []);
  const plain = await cli(['verify', iso, '--json']);
  expect([plain.exitCode, JSON.parse(plain.stdout)]).toMatchObject([0, { passed: true, signature: 'absent' }]);
  const { exitCode, stdout } = await cli(['verify', iso, '--key', at('plain.pub'), '--json']);
  expect([exitCode, JSON.parse(stdout)]).toMatchObject([
    4,
    { passed: false, signature: 'absent', bad: [{ path: MEDIUM_PATHS.manifestSignature }] },
  ]);
  const noKey = await cli(['verify', iso, '--key', at('plain.key'), '--json']);
  expect([noKey.exitCode, JSON.parse(noKey.stdout).error.code]).toEqual([2, 'KEY_INVALID']);
});

it('a key whose password is not there ends a build before anything is written', async () => {
  const folder = await project('refused', ['signing: { key: locked.key, password: { environment: SIGN_PASSWORD } }']);
  const built = (env: Record<string, string>) => cli(['build', join(folder, 'media.yaml'), '--json'], { env });
  const missing = await built({ SIGN_PASSWORD: '' });
  expect([missing.exitCode, JSON.parse(missing.stdout).error.code]).toEqual([2, 'PROJECT_INVALID']);
  const wrong = await built({ SIGN_PASSWORD: 'wrong' });
  expect([wrong.exitCode, JSON.parse(wrong.stdout).error.code]).toEqual([2, 'KEY_INVALID']);
  await expect(stat(join(folder, 'out.iso'))).rejects.toMatchObject({ code: 'ENOENT' });
});

async function project(name: string, lines: readonly string[]): Promise<string> {
  const folder = at(name);
  const head = ['formatVersion: 1', 'name: Test', 'label: TEST', 'sequences: [a.yaml]', 'outputs: [{ iso: out.iso }]'];
  await writeFiles(folder, {
    'media.yaml': `${[...head, ...lines].join('\n')}\n`,
    'a.yaml': SEQUENCE,
    'minisign.key': await readFile(at('plain.key')),
    'locked.key': await readFile(at('locked.key')),
    'password.txt': `${PASSWORD}\n`,
  });
  return folder;
}

async function build(name: string, lines: readonly string[]): Promise<string> {
  const folder = await project(name, lines);
  const { exitCode, stdout, stderr } = await cli(['build', join(folder, 'media.yaml'), '--json']);
  expect([exitCode, stderr, exitCode === 0 ? '' : stdout]).toEqual([0, expect.anything(), '']);
  return join(folder, 'out.iso');
}

async function placeOf(iso: string, path: string): Promise<{ offset: number; bytes: number }> {
  const extent = (await locateInIso(iso, [path], exec)).get(path);
  if (extent === undefined) throw new Error(`${path} is not in ${iso}`);
  return extent;
}

async function manifestOf(iso: string): Promise<string> {
  const { offset, bytes } = await placeOf(iso, MEDIUM_PATHS.manifest);
  return (await readFile(iso)).toString('utf8', offset, offset + bytes);
}

async function overwrite(iso: string, path: string, text: string): Promise<void> {
  const { offset } = await placeOf(iso, path);
  const data = await readFile(iso);
  data.write(text, offset);
  await writeFile(iso, data);
}
