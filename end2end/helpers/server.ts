// The real server process, with a fresh demonstration ambito in a folder of its own. It is
// stopped as a process, not imitated by an "offline" switch: a refused connection is what a
// phone meets when the network is really gone.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Person } from "./people.ts";

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

/** A build: the server's program, and the files of the app. */
export interface Build {
  binary: string;
  site: string;
}

/** The build that the journeys are about. */
const TODAY: Build = {
  binary: process.env["PERCORSO_BIN"] ?? join(ROOT, "target/release/percorso"),
  site: process.env["PERCORSO_SITE"] ?? join(ROOT, "target/site"),
};

// The demonstration is made once a day per worker and copied: its visits are today's.
let demonstration: { day: string; folder: string } | undefined;

export class Server {
  readonly origin: string;
  /** What the server wrote, for a test that looks for secrets in it. */
  log = "";
  #folder: string;
  #build: Build;
  #process: ChildProcess | undefined;
  readonly #port: number;

  private constructor(folder: string, port: number, build = TODAY) {
    this.#folder = folder;
    this.#port = port;
    this.#build = build;
    this.origin = `http://127.0.0.1:${port}`;
  }

  /** A running server on a free port, with a database of its own. */
  static async fresh(): Promise<Server> {
    const folder = mkdtempSync(join(tmpdir(), "percorso-server-"));
    cpSync(demonstrationFolder(), folder, { recursive: true });
    const server = new Server(folder, await freePort());
    await server.start();
    return server;
  }

  /** A running server in which nobody works yet, or with the database of another time; also one of
   * another build. */
  static async bare(files = new Map<string, Buffer>(), build = TODAY): Promise<Server> {
    const folder = mkdtempSync(join(tmpdir(), "percorso-server-"));
    for (const [name, bytes] of files) writeFileSync(join(folder, name), bytes);
    const server = new Server(folder, await freePort(), build);
    await server.start();
    return server;
  }

  get database(): string {
    return `sqlite:${join(this.#folder, "percorso.db")}`;
  }

  /** A path in the server's own folder. */
  file(name: string): string {
    return join(this.#folder, name);
  }

  /** The files of the database of a server that stands still, by name. */
  get databaseFiles(): Map<string, Buffer> {
    const names = ["percorso.db", "percorso.db-wal"].filter((name) => existsSync(this.file(name)));
    return new Map(names.map((name) => [name, readFileSync(this.file(name))]));
  }

  /** The attachments that it has put together, by path. */
  get attachments(): string[] {
    const entries = readdirSync(this.file("percorso.files"), { withFileTypes: true, recursive: true });
    return entries
      .filter((entry) => entry.isFile() && /^[0-9a-f]{64}$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name));
  }

  get isRunning(): boolean {
    return this.#process !== undefined;
  }

  /** Starts on the same port and database as before. */
  async start(): Promise<void> {
    if (this.#process !== undefined) return;
    const { binary, site } = this.#build;
    const child = spawn(
      binary,
      ["serve", "--addr", `127.0.0.1:${this.#port}`, "--database", this.database, "--site", site],
      { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] },
    );
    this.#process = child;
    child.stdout?.on("data", (text: Buffer) => (this.log += text.toString()));
    child.stderr?.on("data", (text: Buffer) => (this.log += text.toString()));
    const deadline = Date.now() + 20_000;
    while (Date.now() < deadline) {
      if (child.exitCode !== null) break;
      try {
        await fetch(`${this.origin}/`, { redirect: "manual" });
        return;
      } catch {
        await new Promise((done) => setTimeout(done, 50));
      }
    }
    throw new Error(`the server did not answer on ${this.origin}:\n${this.log}`);
  }

  /** Ends the process as a power cut does, unless a politer signal is asked for. */
  async stop(signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const ended = new Promise((done) => child.once("exit", done));
    child.kill(signal);
    await ended;
  }

  /** Serves another build from now on: the same app with one file that differs, as it is with
   * every release, and so another list of files for the service worker. */
  async update(): Promise<void> {
    const wasRunning = this.isRunning;
    await this.stop();
    const site = mkdtempSync(join(this.#folder, "site-"));
    cpSync(this.#build.site, site, { recursive: true });
    const changed = join(site, "manifest.webmanifest");
    appendFileSync(changed, "\n");
    for (const encoded of [".br", ".gz"]) rmSync(changed + encoded, { force: true });
    this.#build = { ...this.#build, site };
    if (wasRunning) await this.start();
  }

  /** A server that stands still and was of an earlier build is of today's from now on. */
  catchUp(): void {
    this.#build = TODAY;
  }

  /** Makes a backup while the server goes on working, as a timer does at night. */
  backUp(file: string): void {
    this.#run(["backup", "--database", this.database, "--to", file]);
  }

  /** Puts a backup back, as an administrator does once the server stands still. */
  restore(file: string): void {
    this.#run(["restore", file, "--database", this.database, "--force"]);
  }

  /** Brings in the families of a list. */
  importFamilies(list: string): void {
    const file = this.file("famiglie.csv");
    writeFileSync(file, list);
    this.#run(["import", "families", file, "--write", "--database", this.database]);
  }

  /** Adds somebody who works here; says their first password. */
  employ({ login, name }: Person, role: "mediator" | "social-worker"): string {
    const said = this.#run(
      ["user", "add", login, "--name", name, "--role", role, "--database", this.database],
    );
    const password = /first password: (\S+)/.exec(said)?.[1];
    if (password === undefined) throw new Error(`there is no password in: ${said}`);
    return password;
  }

  #run(words: string[]): string {
    const env = { ...process.env, PERCORSO_BACKUP_PASSPHRASE: "una frase lunga per le prove" };
    return execFileSync(this.#build.binary, words, {
      cwd: ROOT,
      env,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "inherit"],
    });
  }

  /** Stops the process and removes its database. */
  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function demonstrationFolder(): string {
  const day = new Date().toLocaleDateString("sv-SE", { timeZone: "Europe/Rome" });
  if (demonstration?.day === day) return demonstration.folder;
  const { binary } = TODAY;
  if (!existsSync(binary)) {
    throw new Error(`${binary} is not built: run the journeys with \`cargo xtask test e2e\``);
  }
  const folder = mkdtempSync(join(tmpdir(), "percorso-demo-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  execFileSync(binary, ["demo", "--database", `sqlite:${join(folder, "percorso.db")}`], {
    cwd: ROOT,
    stdio: ["ignore", "ignore", "inherit"],
  });
  demonstration = { day, folder };
  return folder;
}

async function freePort(): Promise<number> {
  return new Promise((done, failed) => {
    const probe = createServer();
    probe.once("error", failed);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      probe.close(() => done(port));
    });
  });
}
