import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { UNKNOWN } from "../../sandbox/engine/kit/types.ts";
import type { Props } from "../../sandbox/engine/kit/types.ts";
import { vault as definition } from "../../sandbox/engine/vault/definition.ts";
import { Resource, configure } from "./support/resource.ts";
import { startVault } from "./support/vault.ts";

const POLICY = "vault:index/policy:Policy";
const VALUE = "a-value-nobody-may-see";

describe("The configuration of the vault stand-in", function () {
    this.timeout(30_000);
    const environment = { ...process.env };
    beforeEach(() => {
        for (const variable of ["VAULT_ADDR", "VAULT_TOKEN", "VAULT_NAMESPACE"]) {
            delete process.env[variable];
        }
    });
    afterEach(() => {
        for (const variable of ["VAULT_ADDR", "VAULT_TOKEN", "VAULT_NAMESPACE"]) {
            delete process.env[variable];
            Object.assign(process.env, environment);
        }
    });
    const reasons = (config: Props): string =>
        definition
            .checkConfig(config)
            .map(({ property, reason }) => `${property}: ${reason}`)
            .join("\n");

    it("needs an address and a token, from the provider or the environment", () => {
        assert.match(reasons({}), /address: .* VAULT_ADDR\ntoken: .* VAULT_TOKEN/);
        assert.equal(reasons({ address: UNKNOWN, token: UNKNOWN }), "");
        process.env["VAULT_ADDR"] = "http://127.0.0.1:8200";
        process.env["VAULT_TOKEN"] = "t";
        assert.equal(reasons({ maxRetries: "2", maxLeaseTtlSeconds: "1200" }), "");
        assert.match(reasons({ address: "vault.example.org" }), /address: the address must be a URL/);
        assert.match(
            reasons({ adress: "x", authLogin: {} }),
            /adress: .* is not an input[^]*authLogin: .* is not supported/,
        );
    });

    it("names a Vault that does not answer, without the token", async () => {
        const provider = await configure(definition, { address: "http://127.0.0.1:1", token: VALUE, maxRetries: "0" });
        const inputs = { name: "p", policy: 'path "x" {}' };
        await assert.rejects(new Resource(provider, POLICY, "p").create(inputs), (error: Error) => {
            assert.match(error.message, /Vault at http:\/\/127\.0\.0\.1:1 does not answer/);
            assert.doesNotMatch(error.message, new RegExp(VALUE));
            return true;
        });
    });

    it("tries again while a new KV v2 mount is being upgraded, and not after other refusals", async () => {
        const answers = [400, 400, 200, 403];
        const server = createServer((_request, response) => {
            response.statusCode = answers.shift() ?? 500;
            response.end(
                JSON.stringify({ errors: ["Upgrading from non-versioned to versioned data."], data: { data: {} } }),
            );
        });
        server.listen(0, "127.0.0.1");
        await once(server, "listening");
        const { port } = server.address() as AddressInfo;
        try {
            const config = { address: `http://127.0.0.1:${port}`, token: "t", skipChildToken: "true", maxRetries: "0" };
            const provider = await configure(definition, config);
            const secret = new Resource(provider, "vault:kv/secretV2:SecretV2", "s");
            await assert.rejects(
                secret.create({ mount: "kv", name: "s", dataJson: "{}" }),
                /Vault answered 403 to GET kv\/data\/s/,
            );
            assert.deepEqual(answers, []);
        } finally {
            server.close();
        }
    });

    it("works with a child of its token, unless told to use the token itself", async () => {
        const vault = await startVault();
        try {
            const seen = async (config: Props): Promise<unknown> => {
                const provider = await configure(definition, { address: vault.address, token: vault.token, ...config });
                await new Resource(provider, POLICY, "p").create({ name: "p", policy: 'path "x" {}' });
                const { data } = await vault.api("LIST", "auth/token/accessors");
                return (data["keys"] as unknown[]).length;
            };
            assert.equal(await seen({ skipChildToken: "true" }), 1);
            assert.equal(await seen({}), 2);
        } finally {
            vault.stop();
        }
    });
});
