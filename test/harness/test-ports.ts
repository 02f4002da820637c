/**
 * Where the tests' servers listen: from LANDBOTE_TEST_PORTS on, 14800 unless set. Two checkouts with different ones can be
 * tested side by side on one machine.
 */
import { z } from 'zod';

const base = z.coerce.number().int().min(1_024).max(60_000).default(14_800).parse(process.env['LANDBOTE_TEST_PORTS']);

/** The first port of each stack that a suite starts. */
export const testPorts = {
  stack: base,
  lifecycle: base + 1_000,
  office: base + 2_000,
  twoDomains: base + 3_000,
  bench: base + 4_000,
  twoDomainsOfBrowsers: base + 5_000,
} as const;
