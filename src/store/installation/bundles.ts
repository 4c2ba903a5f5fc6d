import { and, asc, desc, eq, sql } from 'drizzle-orm';
import { type Database, incoming, insertEach } from './database.ts';
import type { Bundles } from './store.ts';

export function bundlesOn(database: Database): Bundles {
  const { t, read } = database;
  return {
    pin: ({ files, ...bundle }) =>
      database.write(async (tx) => {
        const unique = new Map(files.map(({ sha256, bytes }) => [sha256, { sha256, bytes: Buffer.from(bytes) }]));
        const rows = [...unique.values()].sort((a, b) => (a.sha256 < b.sha256 ? -1 : 1));
        await insertEach(database, rows, (part) =>
          tx
            .insert(t.artefacts)
            .values(part)
            // A damaged artefact heals when the same content comes again.
            .onConflictDoUpdate({ target: t.artefacts.sha256, set: { bytes: incoming(t.artefacts.bytes) } }),
        );
        const moved = { path: bundle.path, version: bundle.version, files: named(files) };
        await tx
          .insert(t.bundles)
          .values({ ...bundle, files: moved.files })
          .onConflictDoUpdate({ target: [t.bundles.kind, t.bundles.hash], set: moved });
      }),
    get: async (kind, hash) => {
      const [row] = await read
        .select({
          hash: t.bundles.hash,
          id: t.bundles.id,
          version: t.bundles.version,
          path: t.bundles.path,
          files: t.bundles.files,
        })
        .from(t.bundles)
        .where(and(eq(t.bundles.kind, kind), eq(t.bundles.hash, hash)));
      return row ?? null;
    },
    artefact: async (sha256) => {
      const [row] = await read
        .select({ bytes: t.artefacts.bytes })
        .from(t.artefacts)
        .where(eq(t.artefacts.sha256, sha256));
      return row?.bytes ?? null;
    },
    published: async () => {
      const { id, version, hash, seq } = t.publications;
      const rows = await read
        .select({ id, version, hash })
        .from(t.publications)
        .where(sql`${seq} IN (SELECT max(${seq}) FROM ${t.publications} GROUP BY ${id})`)
        .orderBy(asc(id));
      return rows;
    },
    versions: async (id) => {
      const { version, hash, publishedAt, seq } = t.publications;
      return read
        .select({ version, hash, publishedAt })
        .from(t.publications)
        .where(eq(t.publications.id, id))
        .orderBy(desc(seq));
    },
    publish: (id, version, hash) =>
      database.write(async (tx) => {
        await database.lock(tx, `publish ${id}`);
        const [last] = await tx
          .select({ version: t.publications.version, hash: t.publications.hash })
          .from(t.publications)
          .where(eq(t.publications.id, id))
          .orderBy(desc(t.publications.seq))
          .limit(1);
        if (last?.version === version && last.hash === hash) return;
        await tx.insert(t.publications).values({ id, version, hash, publishedAt: new Date().toISOString() });
      }),
  };
}

function named(files: readonly { path: string; sha256: string }[]): { path: string; sha256: string }[] {
  return files.map(({ path, sha256 }) => ({ path, sha256 }));
}
