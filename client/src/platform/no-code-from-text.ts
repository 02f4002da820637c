import { z } from 'zod';

// Imported before any schema is made: zod would otherwise compile schemas into functions from text, which the
// content security policy forbids.
z.config({ jitless: true });
