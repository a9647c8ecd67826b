import assert from "node:assert/strict";
import path from "node:path";

import { ENGINE_SETUP_TIMEOUT_MS, Engine } from "./support/engine.ts";
import type { JournalEntry, Project } from "./support/engine.ts";
import { tinyProgram } from "./support/tiny-program.ts";
import { TINY_VERSION } from "./support/tiny-version.ts";

const SECRET = "hunter2-in-plain-text";

/** The part of a journal that changed something, as "create one", "delete thing-one". */
function changes(entries: JournalEntry[]): string[] {
    return entries
        .filter(({ did }) => ["create", "update", "delete"].includes(did))
        .map(({ did, id, inputs }) => `${did} ${id ?? String(inputs?.["name"])}`);
}

const thing = (name: string, properties: string, options = ""): string =>
    `new Thing("${name}", { ${properties} }, { provider, ${options} });`;

describe("A provider on the kit, run by the real engine", function () {
    this.timeout(60_000);
    let engine: Engine;
    before(async function () {
        this.timeout(ENGINE_SETUP_TIMEOUT_MS);
        const entry = path.join(import.meta.dirname, "support/tiny-provider.ts");
        engine = await Engine.start([{ name: "tiny", version: TINY_VERSION, entry }]);
    });
    after(() => engine.close());

    const tiny = (body: string): Promise<Project> => engine.project(tinyProgram(body));

    it("is configured with strings as strings and lists as lists, and answers a function call", async () => {
        const project = await tiny(`
            const provider = new Provider("p", { zones: ["a", "b"], account: "0123456789012" });
            export const echo = pulumi.output(pulumi.runtime.invoke("tiny:index:echo", { text: "hi" }, { provider, version }));
        `);
        const { ok, output } = await project.preview();
        assert.equal(ok, true, output);
        assert.match(output, /echo\s*: "hi"/);
        const [configured, invoked] = await project.journal();
        assert.deepEqual(configured?.config, {
            region: "eu-west-1",
            zones: ["a", "b"],
            account: "0123456789012",
            journal: project.journalFile,
        });
        assert.deepEqual(invoked?.args, { text: "hi" });
    });

    it("stops the preview when it refuses its configuration", async () => {
        const project = await tiny(
            `new Thing("a", { name: "a" }, { provider: new Provider("p", { region: "nowhere" }) });`,
        );
        const { ok, output } = await project.preview();
        assert.equal(ok, false);
        assert.match(output, /must be a region that exists/);
        assert.deepEqual(await project.journal(), []);
    });

    it("changes nothing in a preview, and hands on what it does not know yet", async () => {
        const project = await tiny(`
            const provider = new Provider("p");
            const a = new Thing("a", { name: "a" }, { provider });
            new Thing("b", { name: "b", of: a.computed, list: [a.id] }, { provider });
        `);
        const { ok, output } = await project.preview();
        assert.equal(ok, true, output);
        const journal = await project.journal();
        assert.deepEqual(changes(journal), []);
        const previewed = journal.filter(({ did }) => did === "preview create").map(({ inputs }) => inputs);
        assert.deepEqual(previewed, [{ name: "a" }, { name: "b", of: "<unknown>", list: ["<unknown>"] }]);
        assert.deepEqual(await project.resources(), []);
    });

    it("keeps secrets out of state and messages, wherever they sit", async () => {
        const project = await tiny(`
            const secret = pulumi.secret("${SECRET}");
            const provider = new Provider("p", { token: secret });
            new Thing("a", { name: "a", secret, nested: { deep: [{ secret }] }, list: ["plain", secret] }, { provider });
        `);
        const up = await project.up();
        assert.equal(up.ok, true, up.output);
        const created = (await project.journal()).find(({ did }) => did === "create");
        assert.deepEqual(created?.inputs?.["nested"], { deep: [{ secret: SECRET }] });
        const refresh = await project.run("refresh", "--stack=dev", "--yes", "--skip-preview");
        assert.equal(refresh.ok, true, refresh.output);
        const state = await project.stateText();
        assert.ok(state.includes("ciphertext"));
        for (const text of [up.output, refresh.output, state]) {
            assert.ok(!text.includes(SECRET));
        }

        await project.write(
            tinyProgram(`new Thing("b", { name: "b", secret: pulumi.secret("${SECRET}"), behaviour: "reject" },
                { provider: new Provider("p") });`),
        );
        const rejected = await project.preview();
        assert.equal(rejected.ok, false);
        assert.match(rejected.output, /is not acceptable/);
        assert.ok(!rejected.output.includes(SECRET), "the value of a refused secret property is shown");
    });

    it("replaces by create, then delete, or the other way round when asked; ignores what it is told to", async () => {
        const project = await tiny(`
            const provider = new Provider("p");
            ${thing("a", 'name: "a1"')}
            ${thing("b", 'name: "b1"')}
            ${thing("c", 'name: "c1", value: "x", other: "x"')}
        `);
        await project.up();
        assert.deepEqual(changes(await project.journal()).toSorted(), ["create a1", "create b1", "create c1"]);
        await project.write(
            tinyProgram(`
            const provider = new Provider("p");
            ${thing("a", 'name: "a2"')}
            ${thing("b", 'name: "b2"', "deleteBeforeReplace: true")}
            ${thing("c", 'name: "c1", value: "y", other: "y"', 'ignoreChanges: ["value"]')}
        `),
        );
        const up = await project.up();
        assert.equal(up.ok, true, up.output);
        const journal = await project.journal();
        const about = (letter: string) =>
            changes(journal).filter((entry) => entry.includes(letter + "1") || entry.includes(letter + "2"));
        assert.deepEqual(about("a"), ["create a2", "delete thing-a1"]);
        assert.deepEqual(about("b"), ["delete thing-b1", "create b2"]);
        const updates = journal.filter(({ did }) => did === "update");
        assert.deepEqual(
            updates.map(({ inputs }) => inputs),
            [{ name: "c1", value: "x", other: "y" }],
        );

        const destroyed = await project.run("destroy", "--stack=dev", "--yes", "--skip-preview");
        assert.equal(destroyed.ok, true, destroyed.output);
        const deleted = ["delete thing-a2", "delete thing-b2", "delete thing-c1"];
        assert.deepEqual(changes(await project.journal()).toSorted(), deleted);
        assert.deepEqual(await project.resources(), []);
    });

    it("imports what exists, and says so when it does not", async () => {
        const elsewhere = 'name: "elsewhere", value: "found"';
        const program = (id: string) =>
            tinyProgram(`const provider = new Provider("p"); ${thing("a", elsewhere, `import: "${id}"`)}`);
        const project = await engine.project(program("thing-missing"));
        const missing = await project.up();
        assert.equal(missing.ok, false);
        assert.match(missing.output, /thing-missing' does not exist/);
        await project.write(program("thing-elsewhere"));
        const found = await project.up();
        assert.equal(found.ok, true, found.output);
        const [resource] = await project.resources();
        assert.equal(resource?.id, "thing-elsewhere");
        assert.equal(resource?.outputs?.["computed"], "c-elsewhere");
        assert.deepEqual(changes(await project.journal()), []);
    });

    it("keeps a resource that was made but is not ready, shows its progress, and updates it next time", async () => {
        const program = (behaviour: string) =>
            tinyProgram(`const provider = new Provider("p"); ${thing("a", `name: "a", behaviour: "${behaviour}"`)}`);
        const project = await engine.project(program("fail after create"));
        const { ok, output } = await project.up();
        assert.equal(ok, false);
        assert.match(output, /tiny:index:Thing a .*working on it/);
        assert.match(output, /the thing never became ready/);
        const [resource] = await project.resources();
        assert.equal(resource?.id, "thing-a");
        assert.deepEqual(resource?.initErrors, ["the thing never became ready"]);
        await project.write(program("ok"));
        assert.equal((await project.up()).ok, true);
        assert.deepEqual(changes(await project.journal()), ["create a", "update thing-a"]);
    });

    it("shows an error in one line, and names an asset it cannot take", async () => {
        const project = await tiny(`const provider = new Provider("p"); ${thing("a", 'name: "a", behaviour: "fail"')}`);
        const failed = await project.up();
        assert.equal(failed.ok, false);
        assert.match(failed.output, /error: the thing cannot be made$/m);
        assert.doesNotMatch(failed.output, /TypeError|tiny-provider\.ts|exited prematurely/);
        assert.deepEqual(await project.resources(), []);

        const asset = 'name: "a", files: { readme: new pulumi.asset.StringAsset("text") }';
        await project.write(tinyProgram(`const provider = new Provider("p"); ${thing("a", asset)}`));
        const refused = await project.preview();
        assert.equal(refused.ok, false);
        assert.match(refused.output, /property "files\.readme" is an asset/);
    });
});
