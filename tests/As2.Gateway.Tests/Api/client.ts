// A program of somebody else's: types made by openapi-typescript from the gateway's document, calls by openapi-fetch.
import createClient from "openapi-fetch";
import type { components, paths } from "./gateway.js";

declare const process: { argv: string[]; exit(code: number): never };

const [address, token] = process.argv.slice(2);
const client = createClient<paths>({ baseUrl: address, headers: { Authorization: `Bearer ${token}` } });

async function main(): Promise<void> {
  const { data: made, error } = await client.POST("/api/v1/messages", {
    params: { query: { local: "US", partner: "THEM", fileName: "order.edi" }, header: { "Idempotency-Key": "order-1" } },
    headers: { "Content-Type": "application/octet-stream" },
    body: "UNB+UNOA:1+US+THEM'" as never,
    bodySerializer: body => body as unknown as BodyInit,
  });
  if (!made) throw new Error(JSON.stringify(error));
  for (let i = 0; i < 600; i++) {
    const { data } = await client.GET("/api/v1/messages/{id}", { params: { path: { id: made.id } } });
    const message: components["schemas"]["MessageDetail"] | undefined = data;
    if (message?.state === "Acknowledged") {
      console.log(JSON.stringify({ state: message.state, disposition: message.disposition, hasReceipt: message.hasReceipt, mics: message.mics.length }));
      return;
    }
    await new Promise(go => setTimeout(go, 100));
  }
  throw new Error("there was no receipt");
}

main().catch(e => { console.error(e); process.exit(1); });
