import { describe, expect, it } from 'vitest';
import { ContentFrom, contentPlace, isOnNetwork, placeInWords } from '../../../../runtime/contract/content-from.ts';

describe('where content is', () => {
  it.each<[ContentFrom, object, string, boolean]>([
    [{ url: 'http://10.0.2.2:8000/tree' }, { kind: 'url' }, 'http://10.0.2.2:8000/tree/', true],
    [
      { share: '//server.example/images/windows 11/', user: 'CORP\\ann' },
      { kind: 'share', server: 'server.example', share: 'images', path: 'windows 11', user: 'CORP\\ann' },
      '\\\\server.example\\images\\windows 11',
      true,
    ],
    [
      { share: '\\\\10.1.1.1\\images$' },
      { kind: 'share', server: '10.1.1.1', share: 'images$', path: '', user: undefined },
      '\\\\10.1.1.1\\images$',
      true,
    ],
    [
      { folder: 'DATA:\\media\\office' },
      { kind: 'folder', label: 'DATA', path: 'media/office' },
      'DATA:/media/office',
      false,
    ],
    [{ folder: 'Größe 1:/' }, { kind: 'folder', label: 'Größe 1', path: '' }, 'Größe 1:/', false],
  ])('%j', (from, place, words, network) => {
    const parsed = ContentFrom.parse(from);
    expect(contentPlace(parsed)).toMatchObject(place);
    expect([placeInWords(contentPlace(parsed)), isOnNetwork(parsed)]).toEqual([words, network]);
  });

  it.each([
    [{}, 'exactly one'],
    [{ url: 'http://a/', folder: 'DATA:/x' }, 'exactly one'],
    [{ url: 'ftp://a/' }, 'an address'],
    [{ url: 'http://ann:secret@server/' }, 'without user'],
    [{ url: 'http://server/?tree' }, 'question mark'],
    [{ share: '\\\\server' }, 'a folder on a file server'],
    [{ share: '\\\\server\\share\\..\\other' }, 'a folder on a file server'],
    [{ folder: 'D:/media' }, 'the label of a volume'],
    [{ folder: 'DATA:media' }, 'the label of a volume'],
    [{ folder: 'ftp://server/media' }, 'the label of a volume'],
    [{ folder: 'DATA:\\\\server\\media' }, 'the label of a volume'],
    [{ folder: 'DATA:/a/../../b' }, 'the label of a volume'],
    [{ folder: 'DATA:/a', user: 'ann' }, 'only a share'],
    [{ share: '\\\\s\\x', user: 'a,password=b' }, 'an account'],
    [{ share: '\\\\s\\x', password: 'secret' }, 'password'],
  ])('%j is refused', (from, words) => {
    const { error } = ContentFrom.safeParse(from);
    expect(error?.issues.map(({ message }) => message).join()).toContain(words);
  });
});
