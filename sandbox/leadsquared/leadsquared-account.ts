/** LeadSquared's side of the sandbox, in the places of what its settings show. Public: it opens nothing but a sandbox. */
export const leadsquaredAccount = {
  orgKey: "2477c2666e04a512",
  connectorId: "c378b61d-e30c-4c45",
  apiKey: "sandbox-lsq-api-key",
  accessKey: "sandbox-lsq-access-key",
  secretKey: "sandbox-lsq-secret-key",
} as const;

export interface LeadSquaredAccount {
  readonly orgKey: string;
  readonly connectorId: string;
  readonly apiKey: string;
  readonly accessKey: string;
  readonly secretKey: string;
}
