/** One person who telephones: who he is in the CRM, and how his phone is reached. */
export interface Agent {
  readonly id: string;
  /** The CRM's own id of the user. */
  readonly crmUser: string;
  readonly name: string;
  /** `AgentId` of LeadSquared's User-Agent Mapping. */
  readonly agentIdentifier: string | null;
  readonly phoneNumber: string | null;
  readonly callerId: string | null;
  /** What rings: the softphone, or the telephone of `phoneNumber`. */
  readonly device: "sip" | "phone";
  readonly sipUser: string | null;
  readonly clickToCall: boolean;
  readonly role: "agent" | "supervisor";
  readonly active: boolean;
}
