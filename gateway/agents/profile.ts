import type { AgentProfile, Device } from "../../src/protocol/gateway-agents.ts";
import type { Agent } from "./agent.ts";
import type { AvailabilityBook } from "./availability.ts";

export interface ProfileParts {
  readonly availability: AvailabilityBook;
}

/** The agent as his own widget may see him. */
export async function profileOf({ availability }: ProfileParts, agent: Agent): Promise<AgentProfile> {
  return {
    id: agent.id,
    name: agent.name,
    crmUser: agent.crmUser,
    device: agent.device,
    devices: devicesOf(agent),
    callerId: agent.callerId,
    clickToCall: agent.clickToCall,
    role: agent.role,
    availability: await availability.current(agent.id),
  };
}

export function devicesOf(agent: Agent): Device[] {
  return [...(agent.sipUser === null ? [] : (["sip"] as const)), ...(agent.phoneNumber === null ? [] : (["phone"] as const))];
}
