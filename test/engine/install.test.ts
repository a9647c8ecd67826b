import assert from "node:assert/strict";
import { access, chmod, mkdir, mkdtemp, readFile, readdir, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { installEngineParts } from "../../sandbox/engine/install.ts";
import type { EnginePart } from "../../sandbox/engine/install.ts";
import { pluginVersion } from "../../sandbox/engine/plugin-version.ts";

describe("Installing engine parts", () => {
    let root: string;
    const saved = { PATH: process.env["PATH"], HOME: process.env["HOME"], PULUMI_HOME: process.env["PULUMI_HOME"] };
    const at = (...parts: string[]) => path.join(root, ...parts);

    beforeEach(async () => {
        root = await realpath(await mkdtemp(path.join(tmpdir(), "fleet-install-")));
        await executable("cli/pulumi", "the CLI");
        Object.assign(process.env, { PATH: at("path"), HOME: at("user") });
        delete process.env["PULUMI_HOME"];
    });
    afterEach(async () => {
        Object.assign(process.env, saved);
        if (saved.PULUMI_HOME === undefined) {
            delete process.env["PULUMI_HOME"];
        }
        await rm(root, { recursive: true });
    });

    async function executable(file: string, text: string): Promise<string> {
        await mkdir(path.dirname(at(file)), { recursive: true });
        await writeFile(at(file), text);
        await chmod(at(file), 0o755);
        return at(file);
    }
    async function install(): Promise<Record<string, EnginePart>> {
        const parts = await installEngineParts({
            layout: { pulumiHome: at("home") },
            tools: { pulumi: { path: at("cli/pulumi"), version: "3.256.0", origin: "built" } },
        });
        return Object.fromEntries(parts.map((part) => [part.name, part]));
    }
    const pluginFile = (home: string, name: string) =>
        `${home}/plugins/resource-${name}-v${pluginVersion(name)}/pulumi-resource-${name}`;

    it("takes our own parts where there is no official one, each a launcher that names its entry file", async () => {
        const parts = await install();
        assert.deepEqual(Object.keys(parts), [
            "language host",
            "policy analyzer",
            "aws provider",
            "kubernetes provider",
            "vault provider",
            "random provider",
        ]);
        for (const [name, part] of Object.entries(parts)) {
            assert.equal(part.origin, "stand-in", name);
            const launcher = /^#!\/bin\/sh\n# Stand-in .*\nexec .* '(.*\.ts)' "\$@"\n$/.exec(
                await readFile(part.path, "utf8"),
            );
            await assert.doesNotReject(access(launcher?.[1] ?? ""), `${name} has no entry file`);
        }
    });

    it("prefers the official language host and providers, but never an official aws provider", async () => {
        const host = await executable("cli/pulumi-language-nodejs", "official");
        await executable("path/pulumi-language-nodejs", "official, but not this CLI's");
        const random = await executable(pluginFile("user/.pulumi", "random"), "official");
        await executable(pluginFile("user/.pulumi", "aws"), "official");
        const parts = await install();
        assert.deepEqual([parts["language host"]?.origin, parts["language host"]?.path], ["official", host]);
        assert.deepEqual([parts["random provider"]?.origin, parts["random provider"]?.path], ["official", random]);
        assert.equal(await realpath(at(pluginFile("home", "random"))), random);
        assert.equal(parts["aws provider"]?.origin, "stand-in");
        assert.equal(parts["vault provider"]?.origin, "stand-in");
    });

    it("does not take its own launchers for official parts when run inside the sandbox's shell", async () => {
        await install();
        Object.assign(process.env, { PULUMI_HOME: at("home") });
        const parts = await install();
        assert.equal(parts["random provider"]?.origin, "stand-in");
        assert.match(await readFile(at(pluginFile("home", "random")), "utf8"), /random\/main\.ts/);
    });

    it("passes over an official provider of another version or half unpacked", async () => {
        await executable("user/.pulumi/plugins/resource-random-v99.0.0/pulumi-resource-random", "official");
        const vault = await executable(pluginFile("user/.pulumi", "vault"), "official");
        await writeFile(`${path.dirname(vault)}.partial`, "");
        const parts = await install();
        assert.equal(parts["random provider"]?.origin, "stand-in");
        assert.equal(parts["vault provider"]?.origin, "stand-in");
    });

    it("removes other versions of a plugin, which the engine would prefer when they are newer", async () => {
        await executable("home/plugins/resource-random-v99.0.0/pulumi-resource-random", "old");
        await install();
        const left = (await readdir(at("home/plugins"))).filter((name) => name.startsWith("resource-random-"));
        assert.deepEqual(left, [`resource-random-v${pluginVersion("random")}`]);
    });
});
