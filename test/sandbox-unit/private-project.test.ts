import assert from "node:assert/strict";
import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parse } from "yaml";
import { layout } from "../../sandbox/stacks/layout.ts";
import { committedStacks, fill, hubCluster, merge, writeProject } from "../../sandbox/stacks/project.ts";

const repo = path.resolve(import.meta.dirname, "..", "..");
const values = {
    pulumiBackend: "/state/backend",
    gitUrl: "http://127.0.0.1:1/git/fleet.git",
    chartMirror: "http://127.0.0.1:1/charts",
    vaultAddress: "http://127.0.0.1:2",
};

describe("sandbox: the private Pulumi project", () => {
    let folder: string;
    const config = (stack: string) =>
        parse(readFileSync(path.join(folder, "pulumi/project/cfg", `Pulumi.${stack}.yaml`), "utf8")) as {
            config: Record<string, Record<string, unknown>>;
            encryptionsalt?: string;
        };

    beforeEach(() => {
        folder = mkdtempSync(path.join(tmpdir(), "fleet-project-"));
    });
    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    it("runs the committed program with the overlay's Git, charts and Vault, and nothing else changed", async () => {
        const stacks = await writeProject(layout(repo, folder), values);
        assert.deepEqual(stacks, ["hub", "dev", "staging", "prod"]);
        for (const stack of stacks) {
            const committed = parse(readFileSync(path.join(repo, `Pulumi.${stack}.yaml`), "utf8")) as {
                config: Record<string, Record<string, unknown>>;
            };
            const expected = structuredClone(committed.config);
            Object.assign(expected["fleet:git"] ?? {}, { url: values.gitUrl });
            Object.assign(expected["fleet:vault"] ?? {}, { address: values.vaultAddress });
            assert.deepEqual(config(stack).config, { ...expected, "fleet:chartMirror": values.chartMirror });
        }
        const project = parse(readFileSync(path.join(folder, "pulumi/project/Pulumi.yaml"), "utf8")) as {
            main: string;
            backend: { url: string };
        };
        assert.equal(path.resolve(folder, "pulumi/project", project.main), path.join(repo, "index.ts"));
        assert.equal(project.backend.url, "file:///state/backend");
    });

    it("keeps the salt that the engine wrote into the private copy", async () => {
        mkdirSync(path.join(folder, "pulumi/project/cfg"), { recursive: true });
        writeFileSync(path.join(folder, "pulumi/project/cfg/Pulumi.dev.yaml"), "encryptionsalt: v1:abc\n");
        await writeProject(layout(repo, folder), values);
        assert.equal(config("dev").encryptionsalt, "v1:abc");
        assert.equal(config("prod").encryptionsalt, undefined);
    });

    it("orders stacks hub first and others by name after the four", async () => {
        for (const name of ["prod", "blue", "hub", "staging", "alpha", "dev"]) {
            writeFileSync(path.join(folder, `Pulumi.${name}.yaml`), "");
        }
        writeFileSync(path.join(folder, "Pulumi.yaml"), "");
        assert.deepEqual(await committedStacks(folder), ["hub", "dev", "staging", "prod", "alpha", "blue"]);
    });

    it("knows the hub's cluster", async () => {
        assert.equal(await hubCluster(repo), "hub-01");
    });

    it("merges maps key by key and replaces everything else", () => {
        assert.deepEqual(merge({ a: { b: 1, c: [1, 2] }, d: 4 }, { a: { c: [3] }, e: 5 }), {
            a: { b: 1, c: [3] },
            d: 4,
            e: 5,
        });
    });

    it("refuses a placeholder that does not exist, and says which do", () => {
        assert.throws(() => fill({ url: "${gitUlr}" }, values), /\$\{gitUlr\}.*pulumiBackend, gitUrl, chartMirror/);
    });
});
