import { describeImage, type WimImage } from './wim-image.ts';
import { readWimInfo } from './wim-open.ts';
import type { WimSession } from './wim-session.ts';

const EPOCH_DIFFERENCE_SECONDS = 11_644_473_600n;

/** Every image of the WIM as its XML describes it. */
export function readImages(session: WimSession): WimImage[] {
  const { imageCount } = readWimInfo(session);
  const { getImageProperty } = session.library.functions;
  const call = { task: 'read', doing: `list the images of ${session.path}`, where: session.path } as const;
  return session.peek(call, () =>
    Array.from({ length: imageCount }, (_, at) =>
      describeImage(at + 1, (name) => getImageProperty(session.handle, at + 1, name)),
    ),
  );
}

/** Sets a property of an image by its path in the XML, such as `WINDOWS/EDITIONID`; an empty value removes it. */
export function setImageProperty(session: WimSession, image: number, key: string, value: string): void {
  const call = { task: 'modify', doing: `set ${key} of image ${image}`, where: session.path } as const;
  session.runNow(call, () => session.library.functions.setImageProperty(session.handle, image, key, value));
}

/** When the XML says that an image was made or last changed, in nanoseconds since 1970; undefined where it does not. */
export function imageTime(
  session: WimSession,
  image: number,
  element: 'CREATIONTIME' | 'LASTMODIFICATIONTIME',
): bigint | undefined {
  const { getImageProperty } = session.library.functions;
  const call = { task: 'read', doing: `read ${element} of image ${image}`, where: session.path } as const;
  const [high, low] = session.peek(call, () =>
    ['HIGHPART', 'LOWPART'].map((half) => getImageProperty(session.handle, image, `${element}/${half}`)),
  );
  return fileTimeOfHalves(high ?? '', low ?? '');
}

/** Says in the XML when an image was made or last changed. */
export function setImageTime(
  session: WimSession,
  image: number,
  element: 'CREATIONTIME' | 'LASTMODIFICATIONTIME',
  nanosecondsSince1970: bigint,
): void {
  const { high, low } = fileTimeHalves(nanosecondsSince1970);
  setImageProperty(session, image, `${element}/HIGHPART`, high);
  setImageProperty(session, image, `${element}/LOWPART`, low);
}

/** An instant as a WIM's XML keeps it: the halves of a FILETIME, in hexadecimal. */
export function fileTimeHalves(nanosecondsSince1970: bigint): { high: string; low: string } {
  const ticks = nanosecondsSince1970 / 100n + EPOCH_DIFFERENCE_SECONDS * 10_000_000n;
  return { high: hexadecimal(ticks >> 32n), low: hexadecimal(ticks & 0xffffffffn) };
}

/** The reverse of {@link fileTimeHalves}; undefined where a half is no number. */
export function fileTimeOfHalves(high: string, low: string): bigint | undefined {
  const number = /^0x[0-9a-f]{1,8}$/i;
  if (!number.test(high) || !number.test(low)) return undefined;
  return (((BigInt(high) << 32n) | BigInt(low)) - EPOCH_DIFFERENCE_SECONDS * 10_000_000n) * 100n;
}

function hexadecimal(half: bigint): string {
  return `0x${half.toString(16).toUpperCase().padStart(8, '0')}`;
}
