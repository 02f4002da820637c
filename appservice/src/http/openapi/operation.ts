/** One operation of the API as `/openapi.json` describes it and as tests try it. */
import type { z } from 'zod';
import type { Role } from '#contract/organisation.ts';
import type { ProblemCode } from '#contract/problem.ts';

export interface Operation {
  readonly method: 'get' | 'post' | 'put' | 'delete';
  /** With parameters in braces. */
  readonly path: string;
  readonly summary: string;
  /** Who may: everybody, who is declared, or who holds one of these roles. */
  readonly access: 'public' | 'session' | readonly Role[];
  readonly parameters?: {
    readonly path?: z.ZodObject;
    readonly query?: z.ZodObject;
    readonly header?: z.ZodObject;
  };
  readonly body?: z.ZodType;
  readonly answers: readonly Answer[];
  /** Beside those that every operation of its kind may answer. */
  readonly refusals?: readonly ProblemCode[];
}

export interface Answer {
  readonly status: number;
  readonly description: string;
  readonly content?: z.ZodType;
  /** JSON unless told. */
  readonly type?: 'text/csv' | 'text/plain' | 'text/event-stream' | 'text/html' | 'text/css';
  readonly headers?: z.ZodObject;
}

export const answerOf = (description: string, content: z.ZodType, status = 200): Answer[] => [
  { status, description, content },
];

export const textOf = (description: string, type: NonNullable<Answer['type']>, content: z.ZodType): Answer[] => [
  { status: 200, description, type, content },
];
