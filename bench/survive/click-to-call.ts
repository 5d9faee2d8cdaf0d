import { createServer } from "node:http";

export interface ClickToCallServer {
  readonly url: string;
  /** What happens when the phone asks for a call: returns the call's id in the exchange. */
  onDial: (number: string) => string;
  stop(): Promise<void>;
}

/** The server of a deployment whose calls are placed by HTTP: it rings the agent's own leg. */
export async function startClickToCall(): Promise<ClickToCallServer> {
  const server = createServer((request, response) => {
    const headers = { "access-control-allow-origin": "*", "access-control-allow-headers": "*", "content-type": "application/json" };
    if (request.method !== "POST") return void response.writeHead(204, headers).end();
    let body = "";
    request.on("data", (chunk) => (body += String(chunk)));
    request.on("end", () => {
      const { number } = JSON.parse(body) as { number: string };
      response.writeHead(200, headers).end(JSON.stringify({ exotelCallSid: ours.onDial(number) }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = address !== null && typeof address === "object" ? address.port : 0;
  const ours: ClickToCallServer = {
    url: `http://127.0.0.1:${port}/dial`,
    onDial: () => "",
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return ours;
}
