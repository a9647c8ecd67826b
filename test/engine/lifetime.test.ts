import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { ENGINE_SETUP_TIMEOUT_MS, Engine } from "./support/engine.ts";
import type { JournalEntry, Project } from "./support/engine.ts";
import { tinyProgram } from "./support/tiny-program.ts";
import { TINY_VERSION } from "./support/tiny-version.ts";

const NEVER_ENDS = tinyProgram(
    `new Thing("a", { name: "a", behaviour: "never end" }, { provider: new Provider("p") });`,
);

describe("Engine parts when the CLI is stopped", function () {
    this.timeout(60_000);
    let engine: Engine;
    before(async function () {
        this.timeout(ENGINE_SETUP_TIMEOUT_MS);
        const entry = path.join(import.meta.dirname, "support/tiny-provider.ts");
        engine = await Engine.start([{ name: "tiny", version: TINY_VERSION, entry }]);
    });
    after(() => engine.close());

    it("abort a running create on SIGINT, and leave no lock", async () => {
        const project = await engine.project(NEVER_ENDS);
        const up = project.spawn("up", "--stack=dev", "--yes", "--skip-preview");
        await journalUntil(project, "create");
        up.kill("SIGINT");
        const { output } = await up.outcome;
        await journalUntil(project, "aborted");
        assert.match(output, /cancelled: the Pulumi engine stopped this operation/);
        assert.deepEqual(await project.resources(), []);
        await project.write(tinyProgram(""));
        const next = await project.preview();
        assert.equal(next.ok, true, next.output);
    });

    it("all end when the CLI is killed", async () => {
        const project = await engine.project(NEVER_ENDS);
        const up = project.spawn("up", "--stack=dev", "--yes", "--skip-preview");
        await journalUntil(project, "create");
        const started = processesOf(engine.root, project.folder);
        // Language host, program, provider.
        assert.ok(started.length >= 3, `only ${started.length} processes were found`);
        up.kill("SIGKILL");
        await up.outcome;
        await until(() => started.every((pid) => !isAlive(pid)), "every engine part to end");
        await journalUntil(project, "aborted");
    });
});

/** Pids below the CLI: those whose command line or working folder lies in the suite's folder. */
function processesOf(root: string, folder: string): number[] {
    const numbers = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
    return numbers.map(Number).filter((pid) => {
        const environment = read(`/proc/${pid}/environ`);
        const command = read(`/proc/${pid}/cmdline`);
        return environment.includes(`JOURNAL=${folder}/`) && environment.includes(root) && command.includes("node");
    });
}

function isAlive(pid: number): boolean {
    // A zombie keeps its entry until its parent looks; it has no command line.
    return read(`/proc/${pid}/cmdline`) !== "";
}

function read(file: string): string {
    try {
        return readFileSync(file, "utf8");
    } catch {
        return "";
    }
}

async function journalUntil(project: Project, did: string): Promise<JournalEntry[]> {
    const seen: JournalEntry[] = [];
    await until(async () => {
        seen.push(...(await project.journal()));
        return seen.some((entry) => entry.did === did);
    }, `the provider to write "${did}"`);
    return seen;
}

async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
    const deadline = Date.now() + 30_000;
    while (!(await condition())) {
        assert.ok(Date.now() < deadline, `waited 30 s for ${what}`);
        await sleep(50);
    }
}
