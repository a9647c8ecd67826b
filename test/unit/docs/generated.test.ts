import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { parse } from "yaml";

import { codes } from "../../../docs/generate/codes.ts";
import { generatedFiles } from "../../../docs/generate/files.ts";
import { configurationKeys } from "../../../docs/generate/keys.ts";
import { codesInSources } from "../../../docs/generate/messages.ts";
import { stackSchema } from "../../../docs/generate/stack-schema.ts";

function repositoryFile(name: string): string {
    return readFileSync(new URL(`../../../${name}`, import.meta.url), "utf8");
}

describe("generated documentation", () => {
    for (const [name, content] of Object.entries(generatedFiles())) {
        it(`${name} is what the sources say (else: npm run docs)`, () => {
            assert.equal(repositoryFile(name), content);
        });
    }

    it("explains every key of the configuration in one sentence (else: .describe() it)", () => {
        for (const { key, schema } of configurationKeys()) {
            assert.match(schema.description ?? "", /^[A-Z][^\n]*\.$/, key);
        }
    });

    it("explains every code that a source uses, and no other (else: docs/generate/codes.ts)", () => {
        assert.deepEqual(Object.keys(codes).toSorted(), [...codesInSources().keys()].toSorted());
        for (const [code, meaning] of Object.entries(codes)) {
            assert.match(meaning, /^[A-Z][^\n]*\.$/, code);
        }
    });
});

describe("the editor's schema of a stack file", () => {
    const ajv = new Ajv({ allErrors: true, strictTypes: true });
    const check = ajv.compile(stackSchema());
    const errors = (file: unknown) => (check(file) ? [] : (check.errors ?? []).map(({ instancePath }) => instancePath));
    const stackFile = (name: string) => parse(repositoryFile(`Pulumi.${name}.yaml`));

    for (const name of ["hub", "dev", "staging", "prod"]) {
        it(`accepts Pulumi.${name}.yaml, which names it`, () => {
            assert.deepEqual(errors(stackFile(name)), []);
            assert.match(
                repositoryFile(`Pulumi.${name}.yaml`),
                /^# yaml-language-server: \$schema=\.\/config\/stack\.schema\.json\n/,
            );
        });
    }

    it("accepts a cluster that exists already, and tells its keys from those of a cluster that is made", () => {
        const file = parse(repositoryFile("examples/existing-cluster/Pulumi.onprem.yaml"));
        file.config["fleet:kubeconfig"] = { secure: "v1:abc" };
        assert.deepEqual(errors(file), []);
        file.config["fleet:cluster"].compute = {};
        assert.deepEqual(errors(file).slice(0, 1), ["/config/fleet:cluster"]);
        delete file.config["fleet:kubeconfig"];
        assert.ok(errors(file).includes("/config"));
    });

    it("leaves to others what is theirs: keys of other namespaces, and Pulumi's own", () => {
        const file = stackFile("dev");
        file.config["aws:maxRetries"] = 5;
        assert.deepEqual(errors({ ...file, encryptionsalt: "v1:abc", secretsprovider: "passphrase" }), []);
    });

    it("refuses an unknown key, a wrong type, a missing key and a key of the other role where they stand", () => {
        const cases: [change: (config: Record<string, any>) => void, at: string][] = [
            [(config) => (config["fleet:regoin"] = "eu-west-1"), "/config"],
            [
                (config) => (config["fleet:cluster"].endpoint.publicCidrs = "203.0.113.0/24"),
                "/config/fleet:cluster/endpoint/publicCidrs",
            ],
            [(config) => delete config["fleet:git"].url, "/config/fleet:git"],
            [(config) => (config["fleet:spokeAccounts"] = []), "/config"],
            [(config) => (config["fleet:account"].id = 222222222222), "/config/fleet:account/id"],
            [(config) => (config["fleet:role"] = "spook"), "/config/fleet:role"],
        ];
        for (const [change, at] of cases) {
            const file = stackFile("dev");
            change(file.config);
            assert.ok(errors(file).includes(at), `${String(change)}: ${errors(file).join()}`);
        }
    });
});
