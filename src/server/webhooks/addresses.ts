import { lookup as resolve, type LookupAddress } from 'node:dns';
import ipaddr from 'ipaddr.js';

/** Why a webhook may not be sent to an address. */
export class RefusedAddress extends Error {
  readonly code = 'EADDRREFUSED';
  readonly host: string;

  constructor(host: string, why: string) {
    super(`${host} ${why}`);
    this.name = 'RefusedAddress';
    this.host = host;
  }
}

/** Decides which addresses may be reached. */
export type AddressGuard = (address: string) => boolean;

/** Of IPv6, only global unicast is public at all; everything else is told by name in what ipaddr.js calls a range. */
const publicRange = 'unicast';

/**
 * Lets public addresses through, and those inside of `networks` (CIDR). Everything else is refused: private, loopback,
 * link-local (with the metadata services of clouds), carrier-grade, multicast, reserved, and IPv6 forms that carry such
 * an IPv4 address inside.
 * @throws Error where a network is not written as CIDR
 */
export function addressGuard(networks: readonly string[]): AddressGuard {
  const allowed = networks.map((network) => ipaddr.parseCIDR(network));
  const inside = (address: ipaddr.IPv4 | ipaddr.IPv6) =>
    allowed.some(([base, bits]) => {
      if (base.kind() === 'ipv4') return address.kind() === 'ipv4' && (address as ipaddr.IPv4).match(base, bits);
      return address.kind() === 'ipv6' && (address as ipaddr.IPv6).match(base, bits);
    });
  return (text) => {
    if (!ipaddr.isValid(text)) return false;
    const address = ipaddr.process(text);
    return inside(address) || isPublic(address);
  };
}

function isPublic(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  if (address.range() === publicRange) return true;
  const carried = address.kind() === 'ipv6' ? carriedIPv4(address as ipaddr.IPv6) : null;
  return carried !== null && carried.range() === publicRange;
}

/** The IPv4 address behind NAT64 (RFC 6052); 6to4 and Teredo are out of use and stay refused. */
function carriedIPv4(address: ipaddr.IPv6): ipaddr.IPv4 | null {
  if (address.range() !== 'rfc6052') return null;
  return new ipaddr.IPv4(address.toByteArray().slice(12));
}

export type Lookup = (
  hostname: string,
  options: { all: true; verbatim: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * A `lookup` for sockets that answers with allowed addresses alone. The socket connects to the very address that was
 * looked at, so that a name that changes between look and connection (DNS rebinding) wins nothing. A name of which even
 * one address is refused is refused: a mixture is no accident.
 */
export function guardedLookup(guard: AddressGuard, look: Lookup = resolve) {
  return (
    hostname: string,
    options: { all?: boolean },
    callback: (error: Error | null, address: string | LookupAddress[], family?: number) => void,
  ): void => {
    look(hostname, { all: true, verbatim: true }, (error, addresses) => {
      if (error) {
        callback(error, '');
        return;
      }
      const first = addresses[0];
      if (!first || addresses.some(({ address }) => !guard(address))) {
        callback(new RefusedAddress(hostname, 'resolves to an address that webhooks may not reach.'), '');
        return;
      }
      if (options.all === true) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}
