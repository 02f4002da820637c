import { expect, test } from 'vitest';
import { pino } from 'pino';
import { loggerOptions } from './logger.ts';

test('what strangers name rooms and people begins no line of its own in the log', () => {
  const written: string[] = [];
  const logger = pino(loggerOptions('info'), { write: (line: string) => written.push(line) });
  const name = 'x\r\n{"level":30,"msg":"AUDIT ok"}\u2028\u0000\u001b[2J';
  logger.info({ room: name, [name]: 1 }, name);
  expect(written).toHaveLength(1);
  const [line = ''] = written;
  expect(Buffer.from(line.trimEnd()).filter((byte) => byte < 0x20)).toHaveLength(0);
  expect(JSON.parse(line)).toMatchObject({ room: name, msg: name });
});
