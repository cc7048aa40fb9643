import { expect, test } from 'vitest';
import {
  addRead,
  copyTree,
  filesOf,
  foldersOf,
  newFolder,
  putFile,
  removeFile,
  type TreeFolder,
} from '../../../../../builder/volumes/shared/tree.ts';

test('files come into the folders that are there, or new ones', () => {
  const root = treeOf('Sources/a', 'b');
  putFile(root, 'SOURCES/sub/c', 3);
  putFile(root, 'sources/A', 4);
  expect([...filesOf(root)].map(([path, { data }]) => [path, data])).toEqual([
    ['Sources/A', 4],
    ['Sources/sub/c', 3],
    ['b', 1],
  ]);
  expect([...foldersOf(root)].map(({ name }) => name)).toEqual(['', 'Sources', 'sub']);
});

test('no file takes the place of a folder, nor the other way', () => {
  const root = treeOf('a/b');
  expect(() => putFile(root, 'A', 1)).toThrow(expect.objectContaining({ code: 'NAME_NOT_ALLOWED' }));
  expect(() => putFile(root, 'a/b/c', 1)).toThrow(expect.objectContaining({ code: 'NAME_NOT_ALLOWED' }));
});

test('a removed file takes the folders with it that it leaves empty', () => {
  const root = treeOf('a/b/c/d', 'a/x');
  const copy = copyTree(root);
  removeFile(copy, 'A/B/C/D');
  expect(pathsOf(copy)).toEqual(['a/x']);
  expect([...foldersOf(copy)].map(({ name }) => name)).toEqual(['', 'a']);
  expect(pathsOf(root)).toEqual(['a/b/c/d', 'a/x']);
});

test('what is not there, and folders, are not removed', () => {
  const root = treeOf('a/b');
  addRead(root, newFolder('empty'));
  for (const path of ['a', 'c', 'c/d', 'a/b/c', 'empty']) removeFile(root, path);
  expect(pathsOf(root)).toEqual(['a/b']);
  expect([...foldersOf(root)]).toHaveLength(3);
});

test('names that are one are both kept where a volume has them', () => {
  const root = newFolder<number, never>('');
  for (const name of ['a', 'A', 'a']) addRead(root, { kind: 'file', name, data: 1 });
  expect(pathsOf(root)).toEqual(['a', 'A', 'a']);
});

function treeOf(...paths: string[]): TreeFolder<number, never> {
  const root = newFolder<number, never>('');
  for (const path of paths) putFile(root, path, 1);
  return root;
}

function pathsOf(root: TreeFolder<number, never>): string[] {
  return [...filesOf(root)].map(([path]) => path);
}
