import * as oidc from 'openid-client';
import type { UserRole } from '../../session/index.ts';
import { userRoleSchema } from '../../session/index.ts';
import type { ServerConfig } from '../config.ts';
import { HttpProblem } from '../http/problem.ts';

/** What the browser keeps between leaving for the provider and coming back. */
interface Journey {
  state: string;
  nonce: string;
  verifier: string;
  returnTo: string;
}

export interface Person {
  /** `issuer|subject`: the only name that the provider promises never to give to another. */
  external: string;
  login: string;
  name: string;
  role: UserRole;
  returnTo: string;
}

/** Log-in through an OpenID provider: authorisation code with PKCE, state and nonce. */
export class IdentityProvider {
  readonly #settings: NonNullable<ServerConfig['oidc']>;
  readonly #publicUrl: string;
  #discovered: Promise<oidc.Configuration> | undefined;

  constructor(settings: NonNullable<ServerConfig['oidc']>, publicUrl: string) {
    this.#settings = settings;
    this.#publicUrl = publicUrl;
  }

  /** Where to send the browser, and what it must bring back. */
  async begin(returnTo: string): Promise<{ url: string; journey: string }> {
    const configuration = await this.#configuration();
    const journey: Journey = {
      state: oidc.randomState(),
      nonce: oidc.randomNonce(),
      verifier: oidc.randomPKCECodeVerifier(),
      returnTo,
    };
    const url = oidc.buildAuthorizationUrl(configuration, {
      redirect_uri: `${this.#publicUrl}/api/v1/login/oidc/callback`,
      scope: 'openid profile email',
      state: journey.state,
      nonce: journey.nonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(journey.verifier),
      code_challenge_method: 'S256',
    });
    return { url: url.href, journey: JSON.stringify(journey) };
  }

  /** `path`: of the callback with its query. */
  async finish(path: string, journeyText: string): Promise<Person> {
    const journey = JSON.parse(journeyText) as Journey;
    const configuration = await this.#configuration();
    const tokens = await oidc
      .authorizationCodeGrant(configuration, new URL(this.#publicUrl + path), {
        pkceCodeVerifier: journey.verifier,
        expectedState: journey.state,
        expectedNonce: journey.nonce,
        idTokenExpected: true,
      })
      .catch(refuse);
    let claims: Record<string, unknown> = { ...tokens.claims() };
    const { sub } = claims;
    if (typeof sub !== 'string') throw refused('The identity provider named nobody.');
    // Most providers put little into the ID token and tell the rest where they are asked for it.
    const wanted = [this.#settings.roleClaim, 'name', 'preferred_username'];
    if (wanted.some((name) => claims[name] === undefined) && configuration.serverMetadata().userinfo_endpoint)
      claims = { ...(await oidc.fetchUserInfo(configuration, tokens.access_token, sub).catch(refuse)), ...claims };
    const login = [claims['preferred_username'], claims['email'], sub].find(
      (one): one is string => typeof one === 'string' && one !== '',
    )!;
    return {
      external: `${configuration.serverMetadata().issuer}|${sub}`,
      login: login.toLowerCase().slice(0, 200),
      name: (typeof claims['name'] === 'string' && claims['name'] !== '' ? claims['name'] : login).slice(0, 200),
      role: this.#roleOf(claims[this.#settings.roleClaim]),
      returnTo: journey.returnTo,
    };
  }

  /** Of several groups the one with most rights counts. */
  #roleOf(claim: unknown): UserRole {
    const groups = (Array.isArray(claim) ? claim : [claim]).map(String);
    const mapped = new Set(groups.map((group) => this.#settings.roles[group]));
    const role = userRoleSchema.options.find((one) => mapped.has(one));
    if (!role) throw refused('No group of this person has a role here.');
    return role;
  }

  /** Asked for once; after a failure again, so that a provider that was down at first is found later. */
  async #configuration(): Promise<oidc.Configuration> {
    const { issuer, clientId, clientSecret } = this.#settings;
    this.#discovered ??= oidc.discovery(new URL(issuer), clientId, undefined, oidc.ClientSecretPost(clientSecret), {
      timeout: 10,
      // readServerConfig allows http for loopback alone.
      ...(issuer.startsWith('http:') ? { execute: [oidc.allowInsecureRequests] } : {}),
    });
    try {
      return await this.#discovered;
    } catch (error) {
      this.#discovered = undefined;
      throw new HttpProblem(503, 'unavailable', 'The identity provider cannot be reached.', 'Try again later.', {
        retryAfterS: 10,
        ...(error instanceof Error ? { cause: error } : {}),
      });
    }
  }
}

function refuse(error: unknown): never {
  throw refused('The identity provider did not confirm this login.', error);
}

function refused(message: string, cause?: unknown): HttpProblem {
  return new HttpProblem(403, 'identity-refused', message, 'Begin again; if it stays so, ask an admin.', {
    ...(cause instanceof Error ? { cause } : {}),
  });
}
