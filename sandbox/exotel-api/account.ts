/** The one account of the sandbox, in the places of what Exotel's dashboard shows. Public: it opens nothing but a sandbox. */
export const account = {
  sid: "sandbox1",
  apiKey: "sandbox-api-key",
  apiToken: "sandbox-api-token",
  /** The company's number (ExoPhone) that customers call and are called from. */
  exoPhone: "08047112233",
  /** SIP domain of the agents, as Exotel forms it. */
  voipDomain: "sandbox1.voip.localhost",
} as const;
