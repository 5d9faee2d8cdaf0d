/** The value of `--name=value` or `--name value` on the command line. */
export function option(name: string, fallback: string): string {
  const words = process.argv.slice(2);
  const joined = words.find((word) => word.startsWith(`--${name}=`));
  if (joined !== undefined) return joined.slice(name.length + 3);
  const at = words.indexOf(`--${name}`);
  return at === -1 ? fallback : (words[at + 1] ?? fallback);
}
