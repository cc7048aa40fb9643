import { describe, expect, it } from 'vitest';
import { parsePublicKey, publicKeyFile, verifySignature } from '../../../../runtime/seal/minisign.ts';

/** Made by minisign 0.11 over the text `hi`. */
const FILE = Buffer.from('hi\n');
const LINE = 'RWSzZDPn5T8THS4YieHD9vsjz7sE/ES1wiIZ52tk8/CAdQDpYpLZ19Go';
const PUBLIC_KEY = `untrusted comment: minisign public key 1D133FE5E73364B3\n${LINE}\n`;
const PREHASHED = `untrusted comment: signature from minisign secret key
RUSzZDPn5T8THZwiUtxfDgyy41rAxPsMXe0on8zFbHHyo27gZ4riCfKWZkiwmhB5YqC9j6LvY0bgZK8qNwyi8IVpp/NJYSrUbgo=
trusted comment: trusted thing
p1bRytFpJ34R7UN18NJ1jNDl0u0NS6JR7S17Wn+VmO+x3A4Ti8Ye0flGURZJKaCDoB6W0brqCVd6UeiktKqPBg==
`;
const PURE = `untrusted comment: signature from minisign secret key
RWSzZDPn5T8THa3lXp7OgqEOzc210QBSZlZqgxCcyPOIealrjxK9Gmfe0sFgVd1XmLHTLiMzR7xrwXrIMq0Q8dC7UWNhIVDWDwY=
trusted comment: timestamp:1795279933	file:f
MhVWsJniRjOVyjTtM9Ziht6874MUoHy3N47x8rnCq5+yy55wMN+EZOAwbbfH1VUWla3ZS9kJCUAvvXlwwz+5DA==
`;
/** Of another minisign key. */
const OTHER = 'RWRprzW/A+1WKxRbk7nFkzTu73xsvf4kWDKoyLysI2JSX1ctDJR9NAbz';

const KEY = parsePublicKey(PUBLIC_KEY);

/** One bit of the base64 of a line is another one. */
function flipped(text: string, line: number, byte: number): string {
  const lines = text.split('\n');
  const data = Buffer.from(lines[line] ?? '', 'base64');
  data[byte] = (data[byte] ?? 0) ^ 1;
  lines[line] = data.toString('base64');
  return lines.join('\n');
}

const refusal = (message: string | RegExp) =>
  expect.objectContaining({
    code: 'SIGNATURE_INVALID',
    message: typeof message === 'string' ? message : expect.stringMatching(message),
  });

describe('what minisign has signed', () => {
  it.each([
    ['prehashed', PREHASHED, 'trusted thing'],
    ['by its older format', PURE, 'timestamp:1795279933\tfile:f'],
    ['with the line ends of Windows', PREHASHED.replaceAll('\n', '\r\n'), 'trusted thing'],
  ])('%s', (_, signature, trustedComment) => {
    expect(verifySignature(FILE, signature, KEY)).toEqual({ trustedComment });
  });

  it.each([
    ['the file', Buffer.from('ho\n'), PREHASHED, 'its content is not what was signed'],
    ['the file of an older signature', Buffer.from('ho\n'), PURE, 'its content is not what was signed'],
    ['the signature', FILE, flipped(PREHASHED, 1, 20), 'its content is not what was signed'],
    ['its kind', FILE, PREHASHED.replace('RUS', 'RWS'), 'its content is not what was signed'],
    [
      'the key it names',
      FILE,
      flipped(PREHASHED, 1, 2),
      /^it was signed with another key: 1D133FE5E73364B2, and not 1D13/,
    ],
    ['the trusted comment', FILE, PREHASHED.replace('thing', 'things'), /trusted comment is not what was signed$/],
    ['the signature of the comment', FILE, flipped(PREHASHED, 3, 9), /trusted comment is not what was signed$/],
  ])('and %s was altered: it says so', (_, file, signature, message) => {
    expect(() => verifySignature(file, signature, KEY)).toThrow(refusal(message));
  });

  it('and its untrusted comment may be altered', () => {
    const signature = PREHASHED.replace('signature from', 'anything of');
    expect(verifySignature(FILE, signature, KEY).trustedComment).toBe('trusted thing');
  });

  it('held against another key, by its id or by what it is', () => {
    expect(() => verifySignature(FILE, PREHASHED, parsePublicKey(OTHER))).toThrow(refusal(/another key/));
    const sameId = parsePublicKey(flipped(PUBLIC_KEY, 1, 41));
    expect(sameId.id).toBe(KEY.id);
    expect(() => verifySignature(FILE, PREHASHED, sameId)).toThrow(refusal('its content is not what was signed'));
  });

  it.each([
    ['nothing', ''],
    ['half of it', PREHASHED.slice(0, 160)],
    ['a signature that is cut', PREHASHED.replace('rUbgo=', 'rUbg==')],
    ['no comments', PREHASHED.replace('trusted comment: trusted', 'trusted')],
    ['base64 with something in it', PREHASHED.replace('RUSz', 'RUSz ')],
    ['of an unknown kind', flipped(PREHASHED, 1, 0)],
  ])('is refused where it is damaged: %s', (_, signature) => {
    expect(() => verifySignature(FILE, signature, KEY)).toThrow(refusal(/^the signature is /));
  });
});

describe('a public key', () => {
  it('is its file or its line, and is written as minisign writes it', () => {
    expect(KEY).toMatchObject({ id: '1D133FE5E73364B3', line: LINE });
    expect(parsePublicKey(LINE).id).toBe(KEY.id);
    expect(publicKeyFile(KEY)).toBe(PUBLIC_KEY);
  });

  it.each(
    [['', PREHASHED, LINE.slice(0, -1), `X${LINE}`, LINE.replace('RW', 'RU'), 'untrusted comment: a key']].flat(),
  )('and nothing else: %j', (text) => {
    expect(() => parsePublicKey(text, 'a.pub')).toThrow(
      expect.objectContaining({
        code: 'KEY_INVALID',
        where: 'a.pub',
        message: expect.stringContaining('no public key'),
      }),
    );
  });
});
