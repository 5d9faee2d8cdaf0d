import { createEmitter } from "../../lib/emitter.ts";
import type { CallLog, CallSnapshot, CrmRecord } from "../../protocol/call.ts";
import type { CommandPayload, CommandType, HostEvent } from "../../protocol/host.ts";
import { PhoneError, type PhoneErrorCode } from "../errors.ts";
import type { CommandHandler, CommandResult, Host, HostCapabilities } from "../ports.ts";

/** A CRM page that is played by a test: it keeps what it is told and stores call logs once per id. */
export class FakeHost implements Host {
  name: Host["name"] = "post-message";
  can: HostCapabilities = { canMatchNumbers: true, canPopRecords: true, canSaveCallLogs: true, canPlaceCalls: true };
  readonly events: HostEvent[] = [];
  readonly pops: { readonly record: CrmRecord | null; readonly number: string; readonly call: CallSnapshot }[] = [];
  readonly placed: { readonly number: string; readonly callId: string; readonly record: CrmRecord | null }[] = [];
  /** Every attempt to save, also those that failed. */
  readonly attempts: CallLog[] = [];
  readonly stored = new Map<string, CallLog>();
  records: readonly CrmRecord[] = [];
  saving: "stores" | "loses the acknowledgement" | PhoneErrorCode = "stores";
  /** Answers a dial; replace it to let the exchange take its time. */
  exchange: () => Promise<{ readonly exotelCallSid: string | null }> = async () => ({ exotelCallSid: null });
  readonly #connected = createEmitter<void>();
  #handler: CommandHandler | null = null;

  capabilities(): HostCapabilities {
    return this.can;
  }
  onConnected(listener: () => void): () => void {
    return this.#connected.on(listener);
  }
  connect(): void {
    this.#connected.emit();
  }
  onCommand(handler: CommandHandler): () => void {
    this.#handler = handler;
    return () => {
      if (this.#handler === handler) this.#handler = null;
    };
  }
  hasHandler(): boolean {
    return this.#handler !== null;
  }
  async command<T extends CommandType>(type: T, payload: CommandPayload<T>): Promise<CommandResult> {
    if (this.#handler === null) throw new Error("nobody listens to commands");
    return this.#handler(type, payload);
  }
  tell(event: HostEvent): void {
    this.events.push(event);
  }
  eventsNamed<T extends HostEvent["type"]>(type: T): Extract<HostEvent, { type: T }>[] {
    return this.events.filter((event): event is Extract<HostEvent, { type: T }> => event.type === type);
  }
  async matchNumber(): Promise<readonly CrmRecord[]> {
    return this.records;
  }
  async popRecord(record: CrmRecord | null, number: string, call: CallSnapshot): Promise<void> {
    this.pops.push({ record, number, call });
  }
  async saveCallLog(log: CallLog): Promise<void> {
    this.attempts.push(log);
    if (this.saving === "stores" || this.saving === "loses the acknowledgement") this.stored.set(log.logId, log);
    if (this.saving === "loses the acknowledgement") throw new PhoneError("host-silent");
    if (this.saving !== "stores") throw new PhoneError(this.saving);
  }
  async placeCall(number: string, callId: string, record: CrmRecord | null): Promise<{ readonly exotelCallSid: string | null }> {
    this.placed.push({ number, callId, record });
    return this.exchange();
  }
  dispose(): void {
    this.#handler = null;
  }
}
