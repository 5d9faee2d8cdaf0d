/** The agents that every sandbox starts with. Public: the passwords open nothing but a sandbox. */
export const firstAgents: readonly {
  readonly user: string;
  readonly password: string;
  readonly displayName: string;
  readonly number: string;
}[] = [
  { user: "asha", password: "sandbox-asha", displayName: "Asha Rao", number: "08047000101" },
  { user: "ravi", password: "sandbox-ravi", displayName: "Ravi Menon", number: "08047000102" },
  { user: "meera", password: "sandbox-meera", displayName: "Meera Nair", number: "08047000103" },
];
