import { expect, it } from 'vitest';
import type { RunFigures } from './figures.ts';
import { clientTable } from './report.ts';

const run: RunFigures = {
  signInMs: 1000,
  reloadMs: 100,
  switchesMs: [30, 20, 10],
  longRoomMs: 100,
  echoesMs: [20],
  deliveriesMs: [100],
  scrollBackMs: 8000,
  plainScrollBackMs: 3000,
  scrollBackAgainMs: 2000,
  keysReadyMs: 1400,
  bare: { signInMs: 350, scrollBackMs: 5300, deliveriesMs: [42] },
  longTasksMs: { start: 0, switching: 0, scrolling: 0 },
  scriptAndStyleKilobytes: 80,
  memoryMegabytes: 80,
  ownMemoryMegabytes: 60,
  usedMemoryMegabytes: 120,
};

function rowOf(table: string, figure: string): string[] {
  const line = table.split('\n').find((candidate) => candidate.startsWith(`| ${figure}`)) ?? '';
  return line.split('|').map((cell) => cell.trim());
}

it('shows the median of all runs and how many times more each peer needed', () => {
  const table = clientTable([{ ...run, signInMs: 9000 }, { ...run, signInMs: 500 }, run]);
  expect(rowOf(table, 'sign-in click')).toEqual(
    expect.arrayContaining(['1000', '16126 (16.1×)', '11926 (11.9×)', '18196 (18.2×)']),
  );
});

it('takes percentiles of unsorted durations', () => {
  expect(rowOf(clientTable([run]), 'room switch, first visit p50')[2]).toBe('20');
});

it('says what did not finish, and makes no ratio of it or of nothing', () => {
  const table = clientTable([{ ...run, scrollBackMs: Infinity }]);
  expect(rowOf(table, 'scroll back')).toEqual(expect.arrayContaining(['not finished', '58700 (–)']));
  expect(rowOf(table, 'long tasks at the start')).toContain('764 (–)');
});

it('puts a peer of the same run beside the client', () => {
  const table = clientTable(
    [run],
    [
      { ...run, reloadMs: 2500 },
      { ...run, reloadMs: Infinity },
      { ...run, reloadMs: 300 },
    ],
  );
  expect(rowOf(table, 'figure')[5]).toBe('Cinny, same run (ratio)');
  expect(rowOf(table, 'reload')[5]).toBe('2500 (25.0×)');
  expect(rowOf(table, 'scroll back the long room again')[5]).toBe('–');
  expect(rowOf(clientTable([run], [{ ...run, scrollBackMs: Infinity }]), 'scroll back')[5]).toBe('not finished');
});
