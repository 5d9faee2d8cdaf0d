/** Every address the project listens on, in one place; each port can be changed by the environment. Loopback only. */
const port = (name: string, fallback: number): number => {
  const value = Number(process.env[name] ?? fallback);
  if (!Number.isInteger(value) || value < 1 || value > 65_535) throw new Error(`${name} must be a port number, not "${process.env[name]}"`);
  return value;
};

export const ports = {
  phone: port("PHONE_PORT", 5170),
  crm: port("CRM_PORT", 5171),
  sip: port("SIP_PORT", 5172),
  api: port("API_PORT", 5173),
  control: port("CONTROL_PORT", 5174),
} as const;

/** `*.localhost` is a secure context in browsers; Node itself does not resolve it and needs 127.0.0.1. */
export const addresses = {
  phone: `http://phone.localhost:${ports.phone}`,
  crm: `http://crm.localhost:${ports.crm}`,
  sipProxy: `127.0.0.1:${ports.sip}`,
  sip: `ws://127.0.0.1:${ports.sip}/wss`,
  api: `http://127.0.0.1:${ports.api}`,
  control: `http://127.0.0.1:${ports.control}`,
} as const;
