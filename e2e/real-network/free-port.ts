import { createSocket } from "node:dgram";
import { createServer } from "node:net";

/** A port on 127.0.0.1 that nobody listens on now, neither by TCP nor by UDP. */
export async function freePort(): Promise<number> {
  const port = await freeTcpPort();
  return (await udpIsFree(port)) ? port : freePort();
}

function freeTcpPort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = address !== null && typeof address === "object" ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

function udpIsFree(port: number): Promise<boolean> {
  const socket = createSocket("udp4");
  return new Promise((resolve) => {
    socket.once("error", () => resolve(false));
    socket.bind(port, "127.0.0.1", () => socket.close(() => resolve(true)));
  });
}
