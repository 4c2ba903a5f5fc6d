/** How messages name a server: by its URL without user and password; by `name` where it is no URL. */
export function withoutPassword(url: string, name: string): string {
  try {
    const { protocol, host, pathname } = new URL(url);
    return `${protocol}//${host}${pathname}`;
  } catch {
    return name;
  }
}
