import { NameAddrHeader } from "sip.js";
import type { Core } from "sip.js";
import { createDigest } from "./digest.ts";
import type { Agent } from "./network.ts";
import type { SipConnection } from "./sip-connection.ts";

const DEFAULT_EXPIRES = 600;
const LONGEST_EXPIRES = 3600;

export interface Binding {
  readonly uri: string;
  readonly expiresAt: number;
  readonly userAgent: string;
  readonly connection: SipConnection;
}

interface Account {
  readonly user: string;
  password: string;
  displayName: string;
  /** By instance (RFC 5626), else by contact address: a new registration of the same replaces the old one. */
  readonly bindings: Map<string, Binding>;
  /** Host of the address of record that was registered last. */
  domain: string;
}

export interface RegistrarEvents {
  onChanged(agent: Agent): void;
  onBound(binding: Binding): void;
}

/** Agents, their passwords and where they are reachable now. */
export class Registrar {
  readonly #accounts = new Map<string, Account>();
  readonly #events: RegistrarEvents;
  readonly #domain: string;
  #digest = createDigest(Date.now);

  constructor(domain: string, events: RegistrarEvents) {
    this.#domain = domain;
    this.#events = events;
  }

  setAgent(user: string, password: string, displayName: string): void {
    const account = this.#accounts.get(user);
    if (account === undefined) this.#accounts.set(user, { user, password, displayName, bindings: new Map(), domain: this.#domain });
    else Object.assign(account, { password, displayName });
  }

  agents(): readonly Agent[] {
    return [...this.#accounts.values()].map((account) => this.#agentOf(account));
  }

  knows(user: string): boolean {
    return this.#accounts.has(user);
  }

  domainOf(user: string): string {
    return this.#accounts.get(user)?.domain ?? this.#domain;
  }

  bindings(user: string): readonly Binding[] {
    const account = this.#accounts.get(user);
    return account === undefined ? [] : live(account);
  }

  /** A closed connection reaches nobody: what was registered over it is gone at once. */
  connectionClosed(connection: SipConnection): void {
    for (const account of this.#accounts.values()) {
      const gone = [...account.bindings].filter(([, binding]) => binding.connection === connection);
      for (const [key] of gone) account.bindings.delete(key);
      if (gone.length > 0) this.#events.onChanged(this.#agentOf(account));
    }
  }

  /** Forgets registrations and nonces; agents and passwords stay. */
  reset(): void {
    for (const account of this.#accounts.values()) account.bindings.clear();
    this.#digest = createDigest(Date.now);
  }

  /**
   * Whose call an INVITE places: `null` where it was answered instead, by a challenge (RFC 3261 section 22.3) or a refusal.
   */
  callerOf(request: Core.IncomingInviteRequest): string | null {
    const { message } = request;
    const realm = message.from.uri.host;
    const user = message.from.uri.user ?? "";
    const authorization = message.getHeader("Proxy-Authorization") ?? null;
    const verdict = this.#verdict("INVITE", realm, authorization, user);
    if (verdict === "accepted" && this.#accounts.has(user)) return user;
    if (verdict === "refused") request.reject({ statusCode: 403 });
    else {
      const challenge = this.#digest.challenge(realm, verdict === "stale");
      request.reject({ statusCode: 407, extraHeaders: [`Proxy-Authenticate: ${challenge}`] });
    }
    return null;
  }

  register(request: Core.IncomingRegisterRequest, connection: SipConnection): void {
    const { message } = request;
    const realm = message.to.uri.host;
    const user = message.to.uri.user ?? "";
    const verdict = this.#verdict("REGISTER", realm, message.getHeader("Authorization") ?? null, user);
    if (verdict === "refused") return void request.reject({ statusCode: 403 });
    const account = this.#accounts.get(user);
    if (verdict !== "accepted" || account === undefined) {
      const challenge = this.#digest.challenge(realm, verdict === "stale");
      return void request.reject({ statusCode: 401, extraHeaders: [`WWW-Authenticate: ${challenge}`] });
    }
    connection.agent = user;
    account.domain = realm;
    this.#bind(account, message, connection);
    const contacts = live(account).map(({ uri, expiresAt }) => `Contact: <${uri}>;expires=${Math.ceil((expiresAt - Date.now()) / 1000)}`);
    request.accept({ statusCode: 200, extraHeaders: [...contacts, `Date: ${new Date().toUTCString()}`] });
    this.#events.onChanged(this.#agentOf(account));
  }

  #verdict(method: string, realm: string, authorization: string | null, user: string) {
    return this.#digest.verify({ method, realm, authorization }, user, (name) => this.#accounts.get(name)?.password ?? null, Date.now());
  }

  #bind(account: Account, message: Core.IncomingRequestMessage, connection: SipConnection): void {
    const count = message.getHeaders("Contact").length;
    const general = Number(message.getHeader("Expires") ?? DEFAULT_EXPIRES);
    for (let index = 0; index < count; index += 1) {
      const contact: unknown = message.getHeaders("Contact")[index] === "*" ? "*" : message.parseHeader("Contact", index);
      if (contact === "*" && general === 0) account.bindings.clear();
      if (!(contact instanceof NameAddrHeader)) continue;
      const key = contact.getParam("+sip.instance") ?? `${contact.uri.user}@${contact.uri.host}`;
      const seconds = Math.min(Number(contact.getParam("expires") ?? general), LONGEST_EXPIRES);
      if (!(seconds > 0)) {
        account.bindings.delete(key);
        continue;
      }
      const binding: Binding = {
        uri: contact.uri.toString(),
        expiresAt: Date.now() + seconds * 1000,
        userAgent: message.getHeader("User-Agent") ?? "",
        connection,
      };
      account.bindings.set(key, binding);
      this.#events.onBound(binding);
    }
  }

  #agentOf(account: Account): Agent {
    const contacts = live(account).map(({ uri, expiresAt, userAgent }) => ({ uri, expiresAt, userAgent }));
    return { user: account.user, password: account.password, displayName: account.displayName, contacts };
  }
}

function live(account: Account): Binding[] {
  return [...account.bindings.values()].filter(({ expiresAt }) => expiresAt > Date.now());
}
