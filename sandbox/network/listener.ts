import { createServer } from "node:http";
import type { Socket } from "node:net";
import { WebSocketServer } from "ws";
import type { WebSocket } from "ws";

export interface Listener {
  readonly port: number;
  close(): Promise<void>;
}

const PATH = "/wss";

/** Takes WebSockets with the subprotocol `sip` (RFC 7118) at `/wss`, as Exotel's proxies do. */
export async function startListener(
  host: string,
  port: number,
  onConnected: (webSocket: WebSocket, tcp: Socket) => void,
): Promise<Listener> {
  const webSockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has("sip") ? "sip" : false),
  });
  const server = createServer((_, response) => {
    response.writeHead(426, { "content-type": "text/plain", upgrade: "websocket" }).end(`SIP over WebSocket is at ${PATH}\n`);
  });
  server.on("upgrade", (request, socket, head) => {
    if (new URL(request.url ?? "", "http://localhost").pathname !== PATH) {
      socket.end("HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n");
      return;
    }
    webSockets.handleUpgrade(request, socket, head, (webSocket) => onConnected(webSocket, request.socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  const address = server.address();
  return {
    port: address !== null && typeof address === "object" ? address.port : port,
    async close() {
      webSockets.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
