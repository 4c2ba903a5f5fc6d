import { afterAll, beforeAll, describe } from 'vitest';
import { openStore, type Store } from '../index.ts';
import { backends, type Place } from './testing/places.ts';
import { batchSuite } from './testing/suite-batches.ts';
import { peopleSuite } from './testing/suite-people.ts';
import { proofSuite } from './testing/suite-proof.ts';
import { reportSuite } from './testing/suite-reports.ts';
import { sessionSuite } from './testing/suite-sessions.ts';
import { upkeepSuite } from './testing/suite-upkeep.ts';

for (const backend of await backends())
  describe.skipIf(backend.missing !== null)(`store on ${backend.name}`, () => {
    const places: Place[] = [];
    const stores: Store[] = [];
    let store: Store;
    /** A store in which nothing is yet. */
    const fresh = async () => {
      const place = await backend.make();
      places.push(place);
      const made = await openStore(place.url);
      stores.push(made);
      return made;
    };
    beforeAll(async () => {
      store = await fresh();
    });
    afterAll(async () => {
      for (const one of stores) await one.close();
      for (const place of places) await place.remove();
    });
    describe('people', () => peopleSuite(() => store, fresh));
    describe('batches', () => batchSuite(() => store));
    describe('sessions', () => sessionSuite(() => store));
    describe('reports', () => reportSuite(() => store));
    describe('proof', () => proofSuite(() => store, fresh));
    describe('upkeep', () => upkeepSuite(() => store));
  });
