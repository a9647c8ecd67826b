import assert from "node:assert/strict";

import { hardeningProblems } from "../../../config/argocd-hardening.ts";
import { readArgocdValues } from "../../../config/argocd-values.ts";
import type { Tree } from "./fixture.ts";

const oidc = "name: SSO\nissuer: https://idp.example.com\nclientID: argocd\nclientSecret: $argocd-sso:clientSecret\n";
const aws = "service.beta.kubernetes.io/aws-load-balancer-";

/** The committed hub's values after a change, behind an internal load balancer with SSO if `exposed`. */
function problems(change: (values: Tree) => void, around: Tree = {}): string[] {
    const values = structuredClone<Tree>(readArgocdValues("gitops", "hub-01").values);
    change(values);
    return hardeningProblems(values, { file: "values", environment: "hub", hasSsoClientSecret: true, ...around }).map(
        ({ code, key, text }) => `${code} ${key}: ${text}`,
    );
}

function exposed(values: Tree): void {
    values.configs.cm["oidc.config"] = oidc;
    values.server.service = {
        type: "LoadBalancer",
        annotations: {
            [`${aws}scheme`]: "internal",
            [`${aws}ssl-cert`]: "arn:aws:acm:eu-west-1:111111111111:certificate/0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f",
        },
    };
}

describe("config: hardening of Argo CD's values", () => {
    it("has nothing against the committed hub, nor against an internal load balancer with SSO", () => {
        assert.deepEqual(
            problems(() => {}),
            [],
        );
        assert.deepEqual(problems(exposed), []);
    });

    const loose: [string, (values: Tree) => void, RegExp][] = [
        ["a shell in pods", ({ configs }) => (configs.cm["exec.enabled"] = true), /exec\.enabled: opens a shell/],
        ["the same as text", ({ configs }) => (configs.cm["exec.enabled"] = "true"), /exec\.enabled: .*got "true"/],
        [
            "anybody",
            ({ configs }) => (configs.cm["users.anonymous.enabled"] = true),
            /anonymous\.enabled: lets anybody/,
        ],
        [
            "a role for everybody",
            ({ configs }) => (configs.rbac["policy.default"] = "role:readonly"),
            /policy\.default/,
        ],
        ["no NetworkPolicies", ({ global }) => (global.networkPolicy.create = false), /networkPolicy\.create: /],
        [
            "no default deny",
            ({ global }) => delete global.networkPolicy.defaultDenyIngress,
            /defaultDenyIngress: .*false/,
        ],
        [
            "Redis without a password",
            (values) => (values.redisSecretInit.enabled = false),
            /redisSecretInit\.enabled: /,
        ],
        [
            "Applications in any namespace",
            ({ configs }) => (configs.params["application.namespaces"] = "team-*"),
            /application\.namespaces: a pattern \(got "team-\*"\)/,
        ],
    ];
    for (const [title, change, message] of loose) {
        it(`E-ARG-005: ${title}`, () => {
            const found = problems(change);
            assert.equal(found.length, 1, found.join("\n"));
            assert.match(found[0] ?? "", /^E-ARG-005 values configs|^E-ARG-005 values (global|redis)/);
            assert.match(found[0] ?? "", message);
        });
    }

    it("E-ARG-006: the admin's password, where somebody else can reach the server or in prod", () => {
        const admin = ({ configs }: Tree) => (configs.cm["admin.enabled"] = true);
        assert.deepEqual(problems(admin), [], "nobody reaches the server but who may forward a port");
        assert.match(
            problems(admin, { environment: "prod" }).join(),
            /^E-ARG-006 .*in prod\. Fix: set false, use SSO\.$/,
        );
        const both = (values: Tree) => {
            exposed(values);
            admin(values);
        };
        assert.match(problems(both).join(), /^E-ARG-006 .*admin\.enabled: a password that all share, while the server/);
    });

    it("E-ARG-006: the admin is on where the values do not say", () => {
        assert.match(
            problems(({ configs }) => delete configs.cm["admin.enabled"], { environment: "prod" }).join(),
            /^E-ARG-006/,
        );
    });

    it("E-ARG-007: exposed without a way to sign in, by load balancer, route or ingress", () => {
        const ways: ((values: Tree) => void)[] = [
            (values) => {
                exposed(values);
                delete values.configs.cm["oidc.config"];
            },
            ({ server }) => (server.httproute = { enabled: true }),
            ({ server }) => (server.ingress = { enabled: true }),
        ];
        for (const way of ways) {
            assert.match(
                problems(way).join(),
                /^E-ARG-007 values configs\.cm\.oidc\.config: the server can be reached/,
            );
        }
    });

    it("E-ARG-007: two ways to sign in, or Dex without its server", () => {
        const found = problems(({ configs, dex }) => {
            configs.cm["oidc.config"] = oidc;
            configs.cm["dex.config"] = "connectors: []";
            dex.enabled = false;
        });
        assert.deepEqual(
            found.map((line) => line.split(":")[0]),
            ["E-ARG-007 values configs.cm.dex.config", "E-ARG-007 values dex.enabled"],
        );
    });

    it("E-ARG-008: a reference to a secret that the stack does not have", () => {
        assert.match(
            problems(({ configs }) => (configs.cm["oidc.config"] = oidc), { hasSsoClientSecret: false }).join(),
            /^E-ARG-008 .*oidc\.config: refers to \$argocd-sso:clientSecret, which nobody makes\. Fix: `pulumi config set/,
        );
    });

    it("E-ARG-008: a client secret in Git, which the message does not repeat", () => {
        const [found = ""] = problems(
            ({ configs }) => (configs.cm["oidc.config"] = "issuer: https://idp.example.com\nclientSecret: canary-5e1"),
        );
        assert.match(found, /^E-ARG-008 .*a client secret in Git/);
        assert.ok(!found.includes("canary"));
    });

    it("E-ARG-009: a load balancer that faces the internet, or without a certificate, or a port of every node", () => {
        const without = (name: string) =>
            problems((values) => {
                exposed(values);
                delete values.server.service.annotations[`${aws}${name}`];
            }).join();
        assert.match(without("scheme"), /^E-ARG-009 .*would face the internet\. Fix: set .*scheme: internal\.$/);
        assert.match(without("ssl-cert"), /^E-ARG-009 .*no certificate of ACM\./);
        const nodePort = problems((values) => {
            exposed(values);
            values.server.service = { type: "NodePort" };
        });
        assert.match(nodePort.join(), /^E-ARG-009 values server\.service\.type: opens a port of every node/);
    });
});
