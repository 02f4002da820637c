import { describe, expect, it } from 'vitest';
import { parseOptions } from './options.ts';
import { StackError } from './stack-error.ts';

describe('npm start without options', () => {
  it('runs the ministries and the police on SQLite, and keeps their data', () => {
    expect(parseOptions([])).toEqual({
      help: false,
      reset: false,
      servers: ['land.hessen.test', 'polizei.hessen.test'],
      database: 'sqlite',
      portBase: 4800,
    });
  });
});

describe('npm start options', () => {
  it.each([
    [['--with', 'schule', '--with', 'fremd']],
    [['--with=schule,fremd']],
    [['--with', 'schule,fremd', '--with', 'schule']],
  ])('%j adds schools and stranger once each', (args) => {
    expect(parseOptions(args).servers).toEqual([
      'land.hessen.test',
      'polizei.hessen.test',
      'schule.hessen.test',
      'fremd.test',
    ]);
  });

  it.each([
    ['--postgres', 'start-postgres'],
    ['--postgres=postgres://landbote@db:5432/', 'postgres://landbote@db:5432/'],
  ])('%s decides where data are kept', (argument, database) => {
    expect(parseOptions([argument, '--reset']).database).toBe(database);
  });

  it.each([
    ['--wiht=schule'],
    ['--with=lfv'],
    ['--with'],
    ['schule'],
    ['--postgres=mysql://db/'],
    ['--port-base=80'],
    ['--port-base=65530'],
    ['--port-base=abc'],
    ['--reset=yes'],
  ])('%s is refused with the way to the help', (argument) => {
    expect(() => parseOptions([argument])).toThrow(StackError);
    expect(() => parseOptions([argument])).toThrow(
      expect.objectContaining({ remedy: 'npm start -- --help lists the options.' }),
    );
  });
});
