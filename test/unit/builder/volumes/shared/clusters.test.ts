import { describe, expect, test } from 'vitest';
import { ClusterAllocator, ClusterMap, extentsOf, runsOf } from '../../../../../builder/volumes/shared/clusters.ts';

describe('the map of clusters', () => {
  test('counts from 2 and tells what is free between what is used', () => {
    const map = new ClusterMap(10);
    expect([2, 3, 7, 11].map((cluster) => map.add(cluster))).toEqual([true, true, true, true]);
    expect(map.add(7)).toBe(false);
    expect([1, 2, 11, 12].map((cluster) => map.holds(cluster))).toEqual([false, true, true, false]);
    expect(map.used).toBe(4);
    expect(map.freeRuns()).toEqual([
      { first: 4, count: 3 },
      { first: 8, count: 3 },
    ]);
  });

  test('of a full and an empty volume', () => {
    const map = new ClusterMap(2);
    expect(map.freeRuns()).toEqual([{ first: 2, count: 2 }]);
    map.add(2);
    map.add(3);
    expect(map.freeRuns()).toEqual([]);
  });
});

describe('the allocator', () => {
  const gaps = [
    { first: 4, count: 3 },
    { first: 10, count: 1 },
    { first: 20, count: 5 },
  ];

  test('takes the first gap that is large enough', () => {
    const allocator = new ClusterAllocator(gaps);
    expect(allocator.allocate(4)).toEqual([{ first: 20, count: 4 }]);
    expect(allocator.allocate(1)).toEqual([{ first: 4, count: 1 }]);
    expect(allocator.allocate(2)).toEqual([{ first: 5, count: 2 }]);
    expect(allocator.allocate(1)).toEqual([{ first: 10, count: 1 }]);
    expect(allocator.free).toBe(1);
    expect(allocator.allocate(0)).toEqual([]);
  });

  test('gathers gaps where none is large enough, and hands nothing out twice', () => {
    const allocator = new ClusterAllocator(gaps);
    expect(allocator.allocate(6)).toEqual([
      { first: 4, count: 3 },
      { first: 10, count: 1 },
      { first: 20, count: 2 },
    ]);
    expect(allocator.allocate(3)).toEqual([{ first: 22, count: 3 }]);
    expect(() => allocator.allocate(1)).toThrow('0 free');
    expect(gaps[0]).toEqual({ first: 4, count: 3 });
  });
});

test('content ends within its last cluster', () => {
  const place = { dataOffset: 1000, clusterBytes: 10 };
  const runs = runsOf([2, 3, 4, 9, 11]);
  expect(runs).toEqual([
    { first: 2, count: 3 },
    { first: 9, count: 1 },
    { first: 11, count: 1 },
  ]);
  expect(extentsOf(runs, 33, place)).toEqual([
    { offset: 1000, bytes: 30 },
    { offset: 1070, bytes: 3 },
  ]);
  expect(extentsOf(runs, 0, place)).toEqual([]);
});
