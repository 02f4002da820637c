import { describe, expect, it } from 'vitest';
import { fold, foldUmlauts } from './fold.ts';

describe('fold', () => {
  it('takes away case and accents', () => {
    expect([fold('Yıldız'), fold('Straße'), fold('Éclair')]).toEqual(['yildiz', 'strasse', 'eclair']);
  });
});

describe('foldUmlauts', () => {
  it('reads ae, oe and ue as umlauts', () => {
    expect([foldUmlauts('Müller'), foldUmlauts('Mueller'), foldUmlauts('Jörg')]).toEqual(['muller', 'muller', 'jorg']);
  });
});
