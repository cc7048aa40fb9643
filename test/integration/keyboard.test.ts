import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { compileKeymap, type Keymap } from '../../builder/boot/linux/keyboard/keymap.ts';
import { preparePackages } from '../../builder/boot/linux/prepare-packages.ts';
import { cacheFolder } from '../../builder/cache-folder.ts';
import { KEYBOARD_LANGUAGES, xkbKeyboard } from '../../builder/config/keyboard-layouts.ts';
import { keymapTables } from '../../builder/tools/loadkeys.ts';
import { KEYBOARD_INITRD_PATH } from '../../runtime/contract/linux-start.ts';
import { Manifest, MEDIUM_PATHS } from '../../runtime/contract/manifest.ts';
import { exec } from '../../runtime/host/exec.ts';
import { buildTestMedium } from '../helpers/medium.ts';
import { readCpio } from '../helpers/read-cpio.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

describe('a keymap', { timeout: 300_000 }, () => {
  let root: string;
  beforeAll(async () => {
    ({ root } = await preparePackages({ cacheFolder: cacheFolder(), exec, emit: () => undefined }));
  });

  function keymap(language: string): Promise<Keymap> {
    const layout = xkbKeyboard(language);
    if (layout === undefined) throw new Error(`no layout for ${language}`);
    return compileKeymap(layout, root, exec);
  }

  it.each([
    ['de-DE', 'zßüÄ€@´é', 'ж'],
    ['de-CH', 'éàüçñ', 'Ж'],
    ['fr-FR', 'éèçùâêë€', 'ж'],
    ['es-ES', 'ñÑáüçº', 'ж'],
    ['pl-PL', 'łŁóżźń', 'ж'],
    ['cs-CZ', 'ěščřžýďťň', 'ж'],
    ['hu-HU', 'őűŐŰ', 'ж'],
    ['tr-TR', 'ğşıİ', 'ж'],
    ['ru-RU', 'zжЖё', 'ü'],
    ['el-GR', 'zλάΛ', 'ж'],
  ])('for %s types %s and not %s', async (language, typed, not) => {
    const { letters } = await keymap(language);
    expect([...typed].filter((letter) => !letters.has(letter))).toEqual([]);
    expect(letters).not.toContain(not);
  });

  it('is the same to the byte each time', async () => {
    expect((await keymap('de-CH')).text).toBe((await keymap('de-CH')).text);
  });

  it('is taken by loadkeys for every language, and types what is printable ASCII', async () => {
    for (const language of KEYBOARD_LANGUAGES) {
      const { text, letters } = await keymap(language);
      expect((await keymapTables(text, root, exec)).get('plain_map'), language).toHaveLength(256);
      const missing = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)).filter(
        (letter) => !letters.has(letter),
      );
      expect(missing, language).toEqual([]);
    }
  });
});

describe.runIf(process.getuid?.() === 0)('a medium with a keyboard', { timeout: 300_000 }, () => {
  it('brings its keymap in a small initramfs of its own, also where it starts from the network', async () => {
    const folder = await temporaryFolder();
    const options = { keyboardLayout: 'de-DE', outputs: [{ pxe: 'tree' }] };
    const { outputs } = await buildTestMedium(folder, { options });
    const tree = outputs[0] ?? '';
    const entries = readCpio(await readFile(join(tree, KEYBOARD_INITRD_PATH)));
    const text = entries.find(({ path }) => path === 'usr/lib/mediasmith/keymap')?.data.toString();
    expect(text).toContain('keycode 21 = +U+007a +U+005a');
    for (const menu of ['boot/grub/grub.cfg', 'grub/grub.cfg', 'autoexec.ipxe']) {
      const read = await readFile(join(tree, menu), 'utf8');
      expect(read, menu).toContain('initrd-keyboard.img');
      expect(read, menu).toContain(' mediasmith.keyboard');
    }
    const manifest = Manifest.parse(JSON.parse(await readFile(join(tree, MEDIUM_PATHS.manifest), 'utf8')));
    expect(manifest.keyboardLayout).toBe('de-DE');
  });

  it('whose password cannot be typed on it is not built', async () => {
    const folder = await temporaryFolder();
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'password.txt'), 'Straßenбahn\n');
    const options = { keyboardLayout: 'de-DE', password: { file: 'password.txt' } };
    await expect(buildTestMedium(folder, { options })).rejects.toMatchObject({
      code: 'PROJECT_INVALID',
      message: 'character 8 of the password is not on the keyboard de-DE of the medium',
    });
  });
});
