// A server with a mediator whose families hold exactly so many operations. The demonstration
// gives people and families; the rest is pushed through the API, as another phone of hers would.
import { spawn, spawnSync } from "node:child_process";
import { cpSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { operations, random, uuid } from "../data.mjs";
import { freePort, temporary, within } from "../measure.mjs";

export const LOGIN = "samira";
export const PASSWORD = "percorso-demo";
const PROTOCOL = 1;
const PUSH_OPS_MAX = 200;

/** The release server over a folder with a database. */
async function serve(root, folder) {
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const args = ["serve", "--addr", `127.0.0.1:${port}`, "--database", database(folder)];
  const child = spawn(program(root), [...args, "--site", path.join(root, "target/site")], {
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, PERCORSO_LOG: "warn" },
  });
  let log = "";
  child.stderr.on("data", (text) => (log += text));
  const end = () => child.kill("SIGKILL");
  process.once("exit", end);
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const stop = async () => {
    child.kill("SIGTERM");
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 3000))]);
    end();
    await ended;
    process.off("exit", end);
  };
  for (let i = 0; i < 200 && child.exitCode === null; i += 1) {
    const answer = await fetch(`${origin}/api/v1/health`).catch(() => null);
    if (answer?.ok) return { origin, stop };
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await stop();
  throw new Error(`the server did not start:\n${log}`);
}

const program = (root) => path.join(root, "target/release/percorso");
const database = (folder) => `sqlite:${path.join(folder, "percorso.db")}`;

/** Somebody signed in from here: another device of the same mediator. */
export class OtherDevice {
  #origin;
  #cookie;
  #owner;
  #device;

  static async signIn(origin) {
    const one = new OtherDevice();
    one.#origin = origin;
    one.#device = uuid(random(7));
    const page = await fetch(`${origin}/accesso`);
    const entry = page.headers.getSetCookie().map((cookie) => cookie.split(";")[0]).join("; ");
    const [, token] = /name="token"[^>]*value="([0-9a-f]+)"/.exec(await page.text()) ?? [];
    const entered = await fetch(`${origin}/accesso`, {
      method: "POST",
      redirect: "manual",
      headers: { cookie: entry, "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ token, login: LOGIN, password: PASSWORD }),
    });
    if (entered.status !== 303) throw new Error(`sign-in answered ${entered.status}`);
    one.#cookie = entered.headers.getSetCookie().map((cookie) => cookie.split(";")[0]).join("; ");
    const me = await fetch(`${origin}/api/v1/me`, { headers: { cookie: one.#cookie } });
    one.#owner = (await me.json()).user;
    return one;
  }

  get author() {
    return { author: this.#owner, device: this.#device };
  }

  async #sync(position, ops = []) {
    const answer = await fetch(`${this.#origin}/api/v1/sync`, {
      method: "POST",
      headers: { cookie: this.#cookie, "content-type": "application/json" },
      body: JSON.stringify({
        protocol: PROTOCOL,
        device: this.#device,
        owner: this.#owner,
        grant_epoch: 0,
        position: { cursors: position },
        ops,
      }),
    });
    if (!answer.ok) throw new Error(`sync answered ${answer.status}: ${await answer.text()}`);
    return answer.json();
  }

  /** Everything that was granted: numbers by scope, and the goals of each family. */
  async read() {
    const heads = new Map();
    const goals = new Map();
    let bytes = 0;
    for (let hasMore = true; hasMore; ) {
      const cursors = [...heads].map(([scope, seq]) => ({ scope, seq }));
      const reply = await this.#sync(cursors);
      for (const { scope, kind } of reply.grants ?? []) {
        if (kind === "family" && !goals.has(scope)) goals.set(scope, new Set());
      }
      for (const { scope, from, ops } of reply.pages ?? []) {
        heads.set(scope, from + ops.length);
        for (const op of ops) {
          bytes += Buffer.byteLength(JSON.stringify(op));
          const goal = op.change.goal_written?.goal;
          if (goal) goals.get(scope).add(goal);
        }
      }
      hasMore = reply.has_more ?? false;
    }
    const families = [...goals]
      .map(([scope, set]) => ({ scope, goals: [...set] }))
      .filter((family) => family.goals.length > 0);
    const count = [...heads.values()].reduce((sum, seq) => sum + seq, 0);
    return { heads, families, count, bytes };
  }

  async push(ops) {
    for (let from = 0; from < ops.length; from += PUSH_OPS_MAX) {
      const batch = ops.slice(from, from + PUSH_OPS_MAX);
      const { receipts } = await this.#sync([], batch);
      const refused = receipts.find(({ outcome }) => outcome.accepted === undefined);
      if (refused) throw new Error(`refused: ${JSON.stringify(refused)}`);
    }
  }
}

/** The hash by which a phone says how far it has read (FNV-1a over scopes and numbers). */
export function digest(heads) {
  let hash = 0xcbf29ce484222325n;
  for (const [scope, seq] of [...heads].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const bytes = Buffer.alloc(24);
    bytes.write(scope.replaceAll("-", ""), "hex");
    bytes.writeBigUInt64BE(BigInt(seq), 16);
    for (const byte of bytes) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  }
  return hash;
}

/** Has the program do something with the database in a folder. */
function command(root, folder, args) {
  const { status, stdout } = spawnSync(program(root), [...args, "--database", database(folder)], {
    stdio: ["ignore", "pipe", "inherit"],
    encoding: "utf8",
    maxBuffer: 16 * 1024 * 1024,
    timeout: 120_000,
  });
  if (status !== 0) throw new Error(`\`percorso ${args[0]}\` failed\n${stdout}`);
}

/** A folder with the demonstration's database. */
function demonstration(root) {
  const home = temporary("world");
  command(root, home.folder, ["demo"]);
  return home;
}

/** Servers over copies of a folder with a database. */
function copies(root, home) {
  return {
    /** A server on a copy of the database, on a port of its own. */
    async start() {
      const copy = temporary("server");
      cpSync(home.folder, copy.folder, { recursive: true });
      const server = await serve(root, copy.folder);
      return {
        origin: server.origin,
        stop: async () => {
          await server.stop();
          copy.remove();
        },
      };
    },
    remove: home.remove,
  };
}

/** Makes the database once; each run gets a copy of it. */
export async function prepare(root, count) {
  const home = demonstration(root);
  const server = await serve(root, home.folder);
  try {
    const device = await OtherDevice.signIn(server.origin);
    const before = await device.read();
    const missing = count - before.count;
    if (missing < 0) throw new Error(`the demonstration holds ${before.count} operations already`);
    await device.push(operations({ count: missing, families: before.families, ...device.author }));
    const after = await within(60, "reading back", device.read());
    if (after.count !== count) throw new Error(`${after.count} operations instead of ${count}`);
    console.error(
      `percorso: ${after.families.length} families, ${count} operations of ${Math.round(after.bytes / count)} B, ` +
        `${before.count} of them from the demonstration`,
    );
  } finally {
    await server.stop();
  }
  return copies(root, home);
}

/** The same with a list of families that the office brought in. */
export function prepareCrowd(root, list) {
  const home = demonstration(root);
  const file = path.join(home.folder, "famiglie.csv");
  writeFileSync(file, list);
  command(root, home.folder, ["import", "families", file, "--write"]);
  rmSync(file);
  return copies(root, home);
}
