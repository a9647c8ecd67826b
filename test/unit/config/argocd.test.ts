import assert from "node:assert/strict";

import { loadConfig } from "../../../config/load.ts";
import { ConfigError } from "../../../config/problems.ts";
import { hub, problemOf, type Tree } from "./fixture.ts";

const canary = "canary-7f3a9c";
const withSecrets: ReadonlySet<string> = new Set(["argocd"]);

/** A hub with a repository of each kind. */
function withRepositories(): Tree {
    const raw = hub();
    raw.argocd.repositories = [
        {
            url: "https://github.com/example-org",
            githubApp: { id: 123456, installationId: "7890123", privateKey: canary },
        },
        { url: "git@github.com:example-org/one.git", ssh: { privateKey: canary } },
        { url: "https://git.example.com", token: { username: "fleet", password: canary } },
    ];
    return raw;
}

/** The message of a hub's configuration, which must be refused. */
function refusal(raw: Tree, secretKeys: ReadonlySet<string>): string {
    try {
        loadConfig("hub", raw, undefined, secretKeys);
    } catch (error) {
        assert.ok(error instanceof ConfigError, String(error));
        return error.message;
    }
    throw new Error("the configuration was accepted");
}

function only(change: (argocd: Tree) => void): string {
    return problemOf((raw) => change(raw.argocd), hub());
}

const capability = {
    identityCenterArn: "arn:aws:sso:::instance/ssoins-1234567890abcdef",
    roles: { ADMIN: [{ type: "SSO_GROUP", id: "g-1" }] },
};

describe("config: Argo CD", () => {
    it("takes encrypted credentials of each kind, ids as text", () => {
        const config = loadConfig("hub", withRepositories(), undefined, withSecrets);
        assert.ok(config.role === "hub");
        assert.deepEqual(config.argocd.repositories[0], {
            url: "https://github.com/example-org",
            githubApp: { id: "123456", installationId: "7890123", privateKey: canary },
        });
        assert.deepEqual(
            config.argocd.repositories.map((each) => Object.keys(each)[1]),
            ["githubApp", "ssh", "token"],
        );
    });

    it("E-CFG-004: a credential as plain text, each by its path, none repeated", () => {
        const message = refusal(withRepositories(), new Set());
        assert.ok(!message.includes(canary), message);
        assert.deepEqual(
            message
                .split("\n")
                .slice(1)
                .map((line) => line.trim().split(":").slice(0, 2).join(":")),
            [
                "E-CFG-004 fleet:argocd.repositories[0].githubApp.privateKey",
                "E-CFG-004 fleet:argocd.repositories[1].ssh.privateKey",
                "E-CFG-004 fleet:argocd.repositories[2].token.password",
            ],
        );
        assert.match(
            message,
            /`pulumi config set --secret --path 'fleet:argocd\.repositories\[1\]\.ssh\.privateKey'`, and replace the/,
        );
    });

    it("E-CFG-004: another encrypted key does not vouch for this one", () => {
        assert.match(refusal(withRepositories(), new Set(["vault"])), /E-CFG-004/);
    });

    it("E-CFG-004: the client secret of SSO, too", () => {
        const raw = hub();
        raw.argocd.ssoClientSecret = canary;
        const message = refusal(raw, new Set());
        assert.match(message, /E-CFG-004 fleet:argocd\.ssoClientSecret: /);
        assert.ok(!message.includes(canary));
    });

    const misplaced: [string, (raw: Tree) => void][] = [
        ["a map for a password", (raw) => (raw.argocd.repositories[2].token.password = { value: canary })],
        ["text for a credential", (raw) => (raw.argocd.repositories[2].token = canary)],
        ["text for a repository", (raw) => (raw.argocd.repositories[2] = canary)],
        ["text for the list", (raw) => (raw.argocd.repositories = canary)],
        ["text for all of Argo CD", (raw) => (raw.argocd = canary)],
        ["a credential for another key", (raw) => (raw.argocd.chart.version = canary)],
        ["a credential for a URL", (raw) => (raw.argocd.repositories[0].url = canary)],
        ["a credential for an id", (raw) => (raw.argocd.repositories[0].githubApp.id = canary)],
        ["a credential for a choice", (raw) => (raw.argocd.install = canary)],
        ["a credential within a URL", (raw) => (raw.argocd.repositories[0].url = `https://x:${canary}@example.com/a`)],
    ];
    for (const [title, change] of misplaced) {
        it(`repeats no secret in a message about ${title}`, () => {
            const raw = withRepositories();
            change(raw);
            const message = refusal(raw, withSecrets);
            assert.ok(!message.includes(canary), message);
        });
    }

    it("repeats no value around a credential either, in a file that encrypts nothing", () => {
        const around: ((raw: Tree) => void)[] = [
            (raw) => (raw.argocd.repositories[2].token = canary),
            (raw) => (raw.argocd.repositories = canary),
            (raw) => (raw.argocd.ssoClientSecret = { value: canary }),
            (raw) => (raw.argocd = canary),
        ];
        for (const change of around) {
            const raw = withRepositories();
            change(raw);
            const message = refusal(raw, new Set());
            assert.match(message, /a value that is not repeated here/);
            assert.ok(!message.includes(canary), message);
        }
    });

    it("repeats what is no secret as ever", () => {
        assert.equal(
            only((argocd) => (argocd.chart.version = "latest")),
            'E-CHT-001 fleet:argocd.chart.version: not an exact version (got "latest"). ' +
                'Fix: pin one, for example 10.9.0; no range, no "latest".',
        );
    });

    it("E-CFG-003: helm without a chart, the capability without its settings", () => {
        assert.equal(
            only((argocd) => delete argocd.chart),
            "E-CFG-003 fleet:argocd.chart: missing; install helm needs it. Fix: set it in the stack's file.",
        );
        assert.equal(
            only((argocd) => {
                delete argocd.chart;
                argocd.install = "capability";
            }),
            "E-CFG-003 fleet:argocd.capability: missing; install capability needs it. Fix: set it in the stack's file.",
        );
    });

    it("E-ARG-001: a key of another way of installing", () => {
        assert.equal(
            only((argocd) => (argocd.install = "existing")),
            "E-ARG-001 fleet:argocd.chart: goes with install helm (got existing). Fix: remove it.",
        );
        assert.equal(
            only((argocd) => (argocd.capability = capability)),
            "E-ARG-001 fleet:argocd.capability: goes with install capability (got helm). Fix: remove it.",
        );
    });

    it("E-ARG-002: a capability without an administrator", () => {
        assert.equal(
            problemOf((raw) => {
                raw.argocd = { install: "capability", capability: { ...capability, roles: {} } };
            }, hub()),
            "E-ARG-002 fleet:argocd.capability.roles: nobody is ADMIN, and the capability has no local account. " +
                "Fix: name a group.",
        );
    });

    it("E-ARG-003: an instance of IAM Identity Center that is none", () => {
        assert.match(
            problemOf((raw) => {
                raw.argocd = { install: "capability", capability: { ...capability, identityCenterArn: "ssoins-1" } };
            }, hub()),
            /^E-ARG-003 fleet:argocd\.capability\.identityCenterArn: not an instance .* \(got "ssoins-1"; allowed: /,
        );
    });

    it("E-CHT-003: a chart with both a repository and a path", () => {
        assert.equal(
            only((argocd) =>
                Object.assign(argocd.chart, { repository: "https://charts.example.com", path: "charts/a" }),
            ),
            "E-CHT-003 fleet:argocd.chart: both a repository and a path. Fix: keep the one the chart comes from.",
        );
    });

    it("E-GIT-005: no credential, or two", () => {
        const one = (more: object) =>
            only((argocd) => (argocd.repositories = [{ url: "https://git.example.com", ...more }]));
        assert.equal(
            one({}),
            "E-GIT-005 fleet:argocd.repositories[0]: needs one credential, has none. " +
                "Fix: give one of githubApp, ssh or token.",
        );
        const raw = withRepositories();
        raw.argocd.repositories[2].ssh = { privateKey: canary };
        assert.match(refusal(raw, withSecrets), /E-GIT-005 fleet:argocd\.repositories\[2\]: .* has ssh and token\./);
    });

    it("E-GIT-006: a credential that does not fit the URL", () => {
        const raw = withRepositories();
        raw.argocd.repositories[1].url = "https://github.com/example-org/one.git";
        raw.argocd.repositories[2].url = "git@git.example.com:one.git";
        const message = refusal(raw, withSecrets);
        assert.match(message, /E-GIT-006 fleet:argocd\.repositories\[1\]: ssh does not fit the URL\. Fix: use git@…/);
        assert.match(
            message,
            /E-GIT-006 fleet:argocd\.repositories\[2\]: token does not fit the URL\. Fix: use an https/,
        );
    });

    it("E-GIT-007: two credentials for one URL", () => {
        const raw = withRepositories();
        raw.argocd.repositories[2].url = raw.argocd.repositories[0].url;
        assert.match(
            refusal(raw, withSecrets),
            /E-GIT-007 fleet:argocd\.repositories\[2\]\.url: repositories\[0\] has the same\. Fix: keep one\./,
        );
    });
});
