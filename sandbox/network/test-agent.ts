import { Inviter, Registerer, RegistererState, SessionState, UserAgent } from "sip.js";
import type { Core, Invitation, Notification, Session, SessionDescriptionHandler, URI } from "sip.js";
import { startClock } from "./media/clock.ts";
import { Connection } from "./media/connection.ts";
import { decode, encode, lawOf } from "./media/g711.ts";
import { Meter } from "./media/meter.ts";
import { directionFor, directionOf, receives, sends, setupOf, withDirection, withSetup } from "./media/sdp.ts";
import type { Direction } from "./media/sdp.ts";

/** An agent's phone for tests without a browser: sip.js with werift's audio. */
export class TestAgent {
  readonly user: string;
  readonly calls: TestCall[] = [];
  readonly #userAgent: UserAgent;
  readonly #registerer: Registerer;
  /** Final status of the last REGISTER. */
  registerStatus: number | null = null;

  constructor(port: number, user: string, password: string) {
    this.user = user;
    const uri = UserAgent.makeURI(`sip:${user}@sandbox.test`);
    if (uri === undefined) throw new Error("bad address");
    this.#userAgent = new UserAgent({
      uri,
      authorizationUsername: user,
      authorizationPassword: password,
      transportOptions: { server: `ws://127.0.0.1:${port}/wss`, traceSip: false },
      logBuiltinEnabled: false,
      gracefulShutdown: false,
      sessionDescriptionHandlerFactory: (session) => {
        const audio = new TestAudio();
        this.calls.find((call) => call.session === session)?.useAudio(audio);
        return audio;
      },
      delegate: { onInvite: (invitation) => void this.calls.push(new TestCall(invitation)) },
    });
    this.#registerer = new Registerer(this.#userAgent, { expires: 60 });
  }

  async start(): Promise<this> {
    await this.#userAgent.start();
    return this;
  }

  async register(): Promise<number | null> {
    await new Promise<void>((resolve) => {
      const done = ({ message }: Core.IncomingResponse) => {
        this.registerStatus = message.statusCode ?? null;
        resolve();
      };
      void this.#registerer.register({ requestDelegate: { onAccept: done, onReject: done } });
    });
    return this.registerStatus;
  }

  async unregister(): Promise<void> {
    if (!this.isConnected || this.#registerer.state !== RegistererState.Registered) return;
    const gone = new Promise<void>((resolve) =>
      this.#registerer.stateChange.addListener((state) => state === RegistererState.Unregistered && resolve()),
    );
    await this.#registerer.unregister();
    await gone;
  }

  /** An INVITE of the agent's own: the session, and a promise of its final status. */
  dial(target: string): { readonly session: Inviter; readonly status: Promise<number> } {
    const uri = UserAgent.makeURI(target);
    if (uri === undefined) throw new Error("bad address");
    const session = new Inviter(this.#userAgent, uri);
    const status = new Promise<number>((resolve, reject) => {
      const done = ({ message }: Core.IncomingResponse) => resolve(message.statusCode ?? 0);
      session.invite({ requestDelegate: { onAccept: done, onReject: done } }).catch(reject);
    });
    return { session, status };
  }

  async reconnect(): Promise<void> {
    await this.#userAgent.reconnect();
  }

  /** Abandons the socket it has, as a browser does with one that answers no more, and opens another for the same contact. */
  async moveToNewSocket(): Promise<void> {
    const { transport } = this.#userAgent;
    // Closing properly would wait for an answer of the silent side.
    Reflect.set(transport, "_ws", undefined);
    Reflect.set(transport, "_state", "Disconnected");
    await transport.connect();
  }

  get isConnected(): boolean {
    return this.#userAgent.isConnected();
  }

  get last(): TestCall {
    const call = this.calls.at(-1);
    if (call === undefined) throw new Error(`${this.user} has no call`);
    return call;
  }

  async stop(): Promise<void> {
    for (const call of this.calls) await call.dispose();
    await this.#userAgent.stop();
  }
}

export class TestCall {
  readonly session: Invitation;
  audio: TestAudio | null = null;
  /** Value of the Reason header of the CANCEL; "" where it had none. */
  cancelReason: string | null = null;
  infos: string[] = [];

  constructor(invitation: Invitation) {
    this.session = invitation;
    invitation.delegate = {
      onCancel: ({ request }: { request: Core.IncomingRequestMessage }) => void (this.cancelReason = request.getHeader("Reason") ?? ""),
      onInfo: (info) => {
        this.infos.push(info.request.body);
        void info.accept();
      },
    };
  }

  useAudio(audio: TestAudio): void {
    this.audio = audio;
  }

  get isOver(): boolean {
    return this.session.state === SessionState.Terminated;
  }

  get displayName(): string {
    return this.session.remoteIdentity.displayName;
  }

  header(name: string): string | undefined {
    return this.session.request.getHeader(name);
  }

  async answer(): Promise<void> {
    await this.session.accept();
  }

  async hold(direction: Direction): Promise<number> {
    if (this.audio !== null) this.audio.wanted = direction;
    return await new Promise((resolve, reject) => {
      const done = ({ message }: Core.IncomingResponse) => resolve(message.statusCode ?? 0);
      this.session.invite({ requestDelegate: { onAccept: done, onReject: done } }).catch(reject);
    });
  }

  async request(method: "INFO" | "REFER" | "OPTIONS", contentType: string, content: string): Promise<number> {
    return await sendInDialog(this.session, method, { contentDisposition: "render", contentType, content });
  }

  /** Sends the far end on; resolves to what the NOTIFYs said, when the last one has come, or to the final refusal. */
  async refer(target: URI | Session): Promise<readonly string[]> {
    const told: string[] = [];
    return await new Promise((resolve, reject) => {
      const onNotify = (notification: Notification): void => {
        void notification.accept();
        const { request } = notification;
        told.push(request.body.trim());
        if (request.getHeader("Subscription-State")?.startsWith("terminated")) resolve(told);
      };
      const onReject = ({ message }: Core.IncomingResponse) => resolve([String(message.statusCode)]);
      this.session.refer(target, { onNotify, requestDelegate: { onReject } }).catch(reject);
    });
  }

  async dispose(): Promise<void> {
    await this.audio?.shut();
  }
}

/** Sends a tone, measures what it hears. */
export class TestAudio implements SessionDescriptionHandler {
  readonly meter = new Meter();
  wanted: Direction = "sendrecv";
  loud = true;
  /** Payload types that were not G.711, such as telephone events. */
  readonly otherPayloads = new Set<number>();
  #connection = this.#connect();
  #clock: Disposable | null = null;
  #local = "";
  #agreed: Direction = "sendrecv";
  #remote: string | null = null;
  #offering = false;
  #accepted = false;

  async getDescription() {
    if (this.#local === "") {
      this.#accepted = this.#remote !== null;
      this.#local = this.#remote === null ? await this.#connection.offer() : await this.#connection.answer(this.#remote);
      this.#speak();
    }
    this.#offering = this.#remote === null;
    const direction = this.#remote === null ? this.wanted : answerTo(this.#remote, this.wanted);
    this.#agreed = direction;
    this.#remote = null;
    const setup = this.#offering ? "actpass" : (setupOf(this.#local) ?? "active");
    return { body: withSetup(withDirection(this.#local, direction), setup), contentType: "application/sdp" };
  }

  async setDescription(sdp: string): Promise<void> {
    if (this.#offering) {
      this.#offering = false;
      if (!this.#accepted) await this.#connection.accept(sdp);
      this.#accepted = true;
      this.#agreed = directionFor(sends(this.wanted) && receives(directionOf(sdp)), receives(this.wanted) && sends(directionOf(sdp)));
    } else this.#remote = sdp;
  }

  hasDescription(contentType: string): boolean {
    return contentType === "application/sdp";
  }

  async rollbackDescription(): Promise<void> {
    this.#remote = null;
    this.#offering = false;
  }

  sendDtmf(): boolean {
    return false;
  }

  close(): void {
    void this.shut();
  }

  async shut(): Promise<void> {
    this.#clock?.[Symbol.dispose]();
    this.#clock = null;
    await this.#connection.close();
  }

  /** As a page that was loaded anew: the next offer comes from another transport. */
  async renew(): Promise<void> {
    await this.shut();
    this.#connection = this.#connect();
    this.#local = "";
  }

  #connect(): Connection {
    return new Connection(({ header, payload }) => {
      const law = lawOf(header.payloadType);
      if (law === null) this.otherPayloads.add(header.payloadType);
      else this.meter.frame(decode(law, payload), Date.now());
    });
  }

  #speak(): void {
    const tone = Int16Array.from({ length: 160 }, (_, index) => 8000 * Math.sin((2 * Math.PI * 400 * index) / 8000));
    const silence = new Int16Array(160);
    let ticks = 0;
    this.#clock = startClock(() => {
      ticks += 1;
      if (!sends(this.#agreed)) return;
      const payload = encode("PCMU", this.loud ? tone : silence);
      this.#connection.send(payload, { payloadType: 0, sequenceNumber: ticks & 0xffff, timestamp: ticks * 160, marker: false });
    });
  }
}

function answerTo(offer: string, wanted: Direction): Direction {
  const offered = directionOf(offer);
  return directionFor(sends(wanted) && receives(offered), receives(wanted) && sends(offered));
}

async function sendInDialog(session: Session, method: "INFO" | "REFER" | "OPTIONS", body: Core.Body): Promise<number> {
  const { dialog } = session;
  if (dialog === undefined) throw new Error("no dialog");
  return await new Promise((resolve) => {
    const done = ({ message }: Core.IncomingResponse) => resolve(message.statusCode ?? 0);
    const delegate = { onAccept: done, onReject: done };
    if (method === "INFO") dialog.info(delegate, { body });
    else if (method === "REFER") dialog.refer(delegate, { extraHeaders: ["Refer-To: <sip:ravi@sandbox.test>"] });
    else {
      const { userAgentCore } = session.userAgent;
      const message = userAgentCore.makeOutgoingRequestMessage(method, dialog.remoteTarget, dialog.localURI, dialog.remoteURI, {
        callId: dialog.callId,
        fromTag: dialog.localTag,
        toTag: dialog.remoteTag,
        cseq: 1000,
      });
      userAgentCore.request(message, delegate);
    }
  });
}
