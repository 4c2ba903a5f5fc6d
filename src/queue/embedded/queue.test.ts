import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describeQueue } from '../testing/suite.ts';

describeQueue('embedded', {
  place: () => ({ kind: 'embedded', path: join(mkdtempSync(join(tmpdir(), 'earwitness-queue-')), 'queue.sqlite') }),
  remove: (place) => {
    if (place.kind === 'embedded') rmSync(dirname(place.path), { recursive: true });
  },
});
