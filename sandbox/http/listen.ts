import type { Server } from "node:http";

/** A port somebody else has; the message says what to do about it. */
export class PortTaken extends Error {
  constructor(what: string, port: number, variable: string) {
    super(`Port ${port} is taken (${what}). Stop what uses it, or choose another: ${variable}=${port + 1000} npm start`);
    this.name = "PortTaken";
  }
}

/**
 * Listens on loopback and resolves to the undo, which also ends the connections that are open.
 *
 * @param what for people: "the phone's page".
 * @param variable the environment variable that changes the port.
 */
export async function listen(server: Server, port: number, what: string, variable: string): Promise<() => Promise<void>> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(error.code === "EADDRINUSE" ? new PortTaken(what, port, variable) : error),
    );
    server.listen(port, "127.0.0.1", resolve);
  });
  return () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
}
