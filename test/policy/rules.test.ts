import assert from "node:assert/strict";

import { exampleHub } from "../../policy-pack/fleet/hubs.ts";
import { rules } from "../../policy-pack/rules.ts";
import type { ExampleResource, Rule } from "../../policy-pack/rule/rule.ts";
import type { ConfigFile } from "../../sandbox/plan/analyzer-config.ts";
import type { Props } from "../../sandbox/engine/kit/types.ts";
import { sharedPack, type Finding, type Pack } from "./support/analyzer.ts";
import { nameOf, secret } from "./support/requests.ts";

const hubs = [exampleHub] as unknown as Props[];

/** The examples speak of this fleet. */
const facts: ConfigFile = {
    all: "mandatory",
    "spoke-trust-exact-hub": { enforcementLevel: "mandatory", hubs },
    "registration-secret-readers": { enforcementLevel: "mandatory", hubs },
    "registration-key-readers": { enforcementLevel: "mandatory", hubs },
    "hub-role-assume-allowlist": { enforcementLevel: "mandatory", spokeAccounts: ["222222222222"] },
};

const canary = "canary-7f3a9c";

function resources(example: Rule["text"]["bad"]): ExampleResource[] {
    return [example].flat();
}

/** The whole of an example as one secret, property by property, with a canary in every text that a rule might show. */
function asSecrets(example: ExampleResource): ExampleResource {
    const props = Object.entries(example.props).map(([key, value]) => [
        key,
        key in (example.from ?? {}) ? value : secret(value),
    ]);
    return { ...example, props: Object.fromEntries(props) as Props };
}

function textsOf(value: unknown): string[] {
    if (typeof value === "string") {
        return [value, ...nested(value)];
    }
    return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsOf) : [];
}

function nested(text: string): string[] {
    try {
        const parsed: unknown = JSON.parse(text);
        return typeof parsed === "object" ? textsOf(parsed) : [];
    } catch {
        return [];
    }
}

describe("policy: every rule, through the analyzer's own process", function () {
    this.timeout(60_000);
    let pack: Pack;
    before(async () => {
        pack = await sharedPack(facts);
    });

    const of = (rule: Rule, findings: readonly Finding[]) => findings.filter((each) => each.rule === rule.name);

    for (const rule of rules) {
        const { bad, good } = rule.text;

        describe(rule.name, () => {
            it("refuses its bad example, as mandatory, and says what to type", async () => {
                const found = of(rule, (await pack.all(resources(bad))).findings);
                assert.ok(found.length > 0, "no violation");
                for (const { message, level, resource } of found) {
                    assert.equal(level, "mandatory");
                    assert.ok(message.startsWith(`${resource}: `), message);
                    assert.match(message, / Fix: .+\.$/s);
                }
            });

            it("passes its good example", async () => {
                const { findings, judged } = await pack.all(resources(good));
                assert.deepEqual(of(rule, findings), []);
                // iam-no-users-no-keys has nothing to say of what is no user.
                assert.equal(judged.includes(rule.name), rule.name !== "iam-no-users-no-keys", "it judged nothing");
            });

            it("does not apply to other types", async () => {
                const { judged, findings } = await pack.all([{ type: "random:index/randomId:RandomId", props: {} }]);
                // Outputs are of every stack.
                assert.equal(judged.includes(rule.name), rule.name === "output-no-secret-shape");
                assert.deepEqual(of(rule, findings), []);
            });

            it("repeats no secret value in a message", async () => {
                const marked = resources(bad).map(asSecrets);
                const values = resources(bad)
                    .flatMap(({ props }) => textsOf(props))
                    .filter((text) => text.length > 6);
                for (const { message } of of(rule, (await pack.all(marked)).findings)) {
                    const told = message.slice(0, message.indexOf(" Fix: "));
                    assert.deepEqual(
                        values.filter((value) => told.includes(value)),
                        [],
                        message,
                    );
                }
            });
        });
    }

    /** Every rule's settings with a level, and more. */
    const everywhere = (level: string, more: (rule: Rule) => Props = () => ({})) => {
        const entries = rules.map((rule) => {
            const own = facts[rule.name];
            return [rule.name, { ...(typeof own === "object" ? own : {}), ...more(rule), enforcementLevel: level }];
        });
        return Object.fromEntries(entries) as ConfigFile;
    };
    /** What each rule says of its own bad example, under a configuration. */
    const ofBadExamples = async (file: ConfigFile) => {
        await pack.configure(file);
        const found = new Map<string, Finding[]>();
        for (const rule of rules) {
            found.set(rule.name, of(rule, (await pack.all(resources(rule.text.bad))).findings));
        }
        await pack.configure(facts);
        return found;
    };
    const exempt = (expires: string) => (rule: Rule) => ({
        exemptions: resources(rule.text.bad).map((one) => ({
            resource: nameOf(one),
            owner: "team-a",
            reason: "being replaced until then",
            expires,
        })),
    });

    it("is silent when disabled, and at the level it is configured to have", async () => {
        for (const [rule, found] of await ofBadExamples(everywhere("disabled"))) {
            assert.deepEqual(found, [], rule);
        }
        for (const [rule, found] of await ofBadExamples(everywhere("advisory"))) {
            assert.deepEqual([...new Set(found.map(({ level }) => level))], ["advisory"], rule);
        }
    });

    it("spares exempted resources until the day is over, and then names who asked", async () => {
        for (const [rule, found] of await ofBadExamples(everywhere("mandatory", exempt("2999-12-31")))) {
            assert.deepEqual(found, [], rule);
        }
        // 2 February has 29 days in 2020 and not in 2999.
        for (const day of ["2020-02-29", "2999-02-29"]) {
            for (const [rule, found] of await ofBadExamples(everywhere("mandatory", exempt(day)))) {
                assert.ok(found.length > 0, rule);
                const note = `(exempted by team-a until ${day}, which is over)`;
                assert.deepEqual(
                    found.filter(({ message }) => !message.endsWith(note)),
                    [],
                    rule,
                );
            }
        }
    });

    it("shows a canary that is not secret, and not one that is", async () => {
        const cluster = (value: unknown) => ({
            type: "aws:eks/cluster:Cluster",
            props: { vpcConfig: { endpointPrivateAccess: true, publicAccessCidrs: value } },
        });
        const open = await pack.resource(cluster([canary]));
        assert.ok(open.findings.some(({ message }) => message.includes(canary)));
        for (const hidden of [secret([canary]), [secret(canary)]]) {
            const { findings } = await pack.resource(cluster(hidden));
            assert.ok(findings.some(({ rule }) => rule === "eks-endpoint-restricted"));
            assert.deepEqual(
                findings.filter(({ message }) => message.includes(canary)),
                [],
            );
        }
    });
});
