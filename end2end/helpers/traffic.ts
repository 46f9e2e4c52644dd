// What goes between a browser and the server's sync, read on the wire: which ops were sent and how
// often, what the server said of each, and how often a copy was given each.
import { gunzipSync } from "node:zlib";
import type { BrowserContext, Request, Response } from "@playwright/test";

interface Sent {
  ops?: { id: string }[];
}

interface Answered {
  receipts?: { op: string; outcome: unknown }[];
  pages?: { ops: ({ id: string } | null)[] }[];
}

/** A request that carried ops and was answered, as it went over the wire. */
export interface Delivery {
  ops: string[];
  body: Buffer;
  headers: Record<string, string>;
}

export class Traffic {
  readonly deliveries: Delivery[] = [];
  /** What the server said of each op, every time that it said something. */
  readonly outcomes = new Map<string, string[]>();
  /** How often this copy was given each op. */
  readonly received = new Map<string, number>();
  #reading: Promise<void>[] = [];

  listen(context: BrowserContext): void {
    context.on("response", (response) => {
      if (!isSync(response.request())) return;
      this.#note(response.request());
      const reading = this.#hear(response);
      // A page that is closed takes its last answer along; whoever asks for what was sent is told.
      reading.catch(() => undefined);
      this.#reading.push(reading);
    });
  }

  /** Every op that reached the server, once for each time. */
  async sent(): Promise<string[]> {
    await Promise.all(this.#reading);
    return this.deliveries.flatMap((delivery) => delivery.ops);
  }

  #note(request: Request): void {
    const ops = opsIn(request);
    if (ops.length === 0) return;
    const body = request.postDataBuffer() ?? Buffer.alloc(0);
    this.deliveries.push({ ops, body, headers: request.headers() });
  }

  async #hear(response: Response): Promise<void> {
    if (!response.ok()) return;
    const answer = (await response.json()) as Answered;
    for (const { op, outcome } of answer.receipts ?? []) {
      this.outcomes.set(op, [...(this.outcomes.get(op) ?? []), JSON.stringify(outcome)]);
    }
    for (const op of (answer.pages ?? []).flatMap((page) => page.ops)) {
      if (op !== null) this.received.set(op.id, (this.received.get(op.id) ?? 0) + 1);
    }
  }
}

/** Whether a request brings something to the server's sync. */
export function isPush(request: Request): boolean {
  return isSync(request) && opsIn(request).length > 0;
}

function opsIn(request: Request): string[] {
  const body = request.postDataBuffer() ?? Buffer.alloc(0);
  const { ops = [] } = JSON.parse(plain(body).toString("utf8")) as Sent;
  return ops.map((op) => op.id);
}

/** Whether a request goes to the server's sync. */
export function isSync(request: Request): boolean {
  return new URL(request.url()).pathname === "/api/v1/sync";
}

/** Large bodies travel compressed. */
function plain(body: Buffer): Buffer {
  return body[0] === 0x1f && body[1] === 0x8b ? gunzipSync(body) : body;
}
