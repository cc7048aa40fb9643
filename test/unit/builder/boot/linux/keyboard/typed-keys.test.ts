import { expect, it } from 'vitest';
import { typedKeys } from '../../../../../../builder/boot/linux/keyboard/typed-keys.ts';
import { ckbcompArgv } from '../../../../../../builder/tools/ckbcomp.ts';
import { parseTables } from '../../../../../../builder/tools/loadkeys.ts';

const SOURCE = `
unsigned short plain_map[NR_KEYS] = {
	0xf200,	0xf01b,	0xf031,	0xfb7a,
	0xfbfc,	0xf401,	0xf500,	0x0142,
};
static unsigned short shift_map[NR_KEYS] = {
	0xf200,	0xfb5a,
};
static unsigned short altgr_map[NR_KEYS] = {
	0x20ac,	0xf40b,
};
static unsigned short ctrl_map[NR_KEYS] = {
	0xf078,
};
`;

it('letters and accents are read from the tables of keys, and nothing else is', () => {
  const { letters, accents } = typedKeys(parseTables(SOURCE));
  expect([...letters].sort()).toEqual(['1', 'Z', 'z', 'ü', 'ł', '€']);
  expect([...accents]).toEqual(["'", 'c']);
});

it('a layout of other letters stands beside the American one', () => {
  const argv = ckbcompArgv({ layout: 'ua', variant: 'winkeys', beside: true }, '/root');
  expect(argv.slice(7)).toEqual([
    '/root/usr/bin/ckbcomp',
    '-I/root/usr/share/X11/xkb',
    '-compact',
    ...['-layout', 'us,ua', '-variant', ',winkeys', '-option', 'grp:alt_shift_toggle'],
  ]);
});
