/** Filled by readServerConfig from the environment; docs/operations/configuration.md has a row for every variable. */
export interface ServerConfig {
  host: string;
  port: number;
  /** How browsers and workers reach the server, without a slash at the end. */
  publicUrl: string;
  /** Folder of the embedded database, queue, archive, uploads and secrets. */
  dataDir: string;
  databaseUrl: string | null;
  queue: { kind: 'embedded' } | { kind: 'redis'; url: string } | { kind: 'postgres'; url: string };
  s3: {
    bucket: string;
    endpoint: string | null;
    region: string;
    prefix: string;
    accessKeyId: string | null;
    secretAccessKey: string | null;
    pathStyle: boolean;
  } | null;
  /** Inference children of this process; 0: only workers elsewhere compute. */
  workers: number;
  recogniser: string;
  modelsDir: string;
  offline: boolean;
  /** Key of signatures (URLs of workers, cookies), made at first start and kept in dataDir when not given. */
  secret: string;
  limits: { uploadBytes: number; filesPerBatch: number; bodyBytes: number; requestsPerMinute: number };
  oidc: {
    issuer: string;
    clientId: string;
    clientSecret: string;
    roleClaim: string;
    roles: Record<string, string>;
  } | null;
  /** Reverse proxies whose forwarded headers are believed. */
  trustProxy: string[];
  /** Networks inside which webhooks may be delivered although they are private. */
  webhookNetworks: string[];
  watch: { folder: string; team: string | null }[];
  retentionDays: { recording: number | null; transcript: number | null; result: number | null };
  logLevel: string;
}
