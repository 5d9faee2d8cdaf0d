/** Every address the project listens on, in one place; each port can be changed by the environment. Loopback only. */
export const port = (name: string, fallback: number): number => {
  const value = Number(process.env[name] ?? fallback);
  if (!Number.isInteger(value) || value < 1 || value > 65_535) throw new Error(`${name} must be a port number, not "${process.env[name]}"`);
  return value;
};

export interface Ports {
  readonly phone: number;
  readonly crm: number;
  readonly sip: number;
  readonly api: number;
  readonly control: number;
}

export const ports: Ports = {
  phone: port("PHONE_PORT", 5170),
  crm: port("CRM_PORT", 5171),
  sip: port("SIP_PORT", 5172),
  api: port("API_PORT", 5173),
  control: port("CONTROL_PORT", 5174),
};

export interface Addresses {
  readonly phone: string;
  readonly crm: string;
  readonly sipProxy: string;
  readonly sip: string;
  readonly api: string;
  readonly control: string;
}

/** `*.localhost` is a secure context in browsers; Node itself does not resolve it and needs 127.0.0.1. */
export function addressesOf(on: Ports): Addresses {
  return {
    phone: `http://phone.localhost:${on.phone}`,
    crm: `http://crm.localhost:${on.crm}`,
    sipProxy: `127.0.0.1:${on.sip}`,
    sip: `ws://127.0.0.1:${on.sip}/wss`,
    api: `http://127.0.0.1:${on.api}`,
    control: `http://127.0.0.1:${on.control}`,
  };
}

export const addresses: Addresses = addressesOf(ports);
