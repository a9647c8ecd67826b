import assert from "node:assert/strict";

import { inClusterServer } from "../../contract/names.ts";
import { git } from "./support/facts.ts";
import { at, helm, type KubernetesObject, only } from "./support/render.ts";
import { needsTools } from "./support/tools.ts";

interface ProjectSpec {
    sourceRepos: string[];
    destinations: { server: string; namespace: string }[];
    clusterResourceWhitelist: { group: string; kind: string; name?: string }[];
    namespaceResourceBlacklist?: { group: string; kind: string }[];
    namespaceResourceWhitelist?: { group: string; kind: string }[];
    roles?: { name: string; policies: string[]; groups: string[] }[];
}

const charts = ["https://argoproj.github.io/argo-helm", "https://charts.external-secrets.io"];

function projects(values: Record<string, unknown> = {}): Promise<KubernetesObject[]> {
    return helm("charts/projects", {
        valueFiles: ["projects/teams.yaml"],
        values: { repoURL: git.url, hubServer: inClusterServer, chartRepositories: charts, ...values },
    });
}

async function spec(name: string): Promise<ProjectSpec> {
    return at(only(await projects(), "AppProject", name), "spec");
}

describe("gitops/charts/projects", () => {
    needsTools();

    it("empties the default project", async () => {
        const { sourceRepos, destinations, clusterResourceWhitelist, namespaceResourceBlacklist } =
            await spec("default");
        assert.deepEqual(
            { sourceRepos, destinations, clusterResourceWhitelist, namespaceResourceBlacklist },
            {
                sourceRepos: [],
                destinations: [],
                clusterResourceWhitelist: [],
                namespaceResourceBlacklist: [{ group: "*", kind: "*" }],
            },
        );
    });

    it("uses no wildcard for repositories, destinations or cluster-scoped kinds", async () => {
        for (const project of await projects()) {
            const { sourceRepos, destinations, clusterResourceWhitelist } = at<ProjectSpec>(project, "spec");
            const words = [
                ...sourceRepos,
                ...destinations.flatMap(({ server, namespace }) => [server, namespace]),
                ...clusterResourceWhitelist.flatMap(({ group, kind }) => [group, kind]),
            ];
            assert.deepEqual(
                words.filter((word) => word.includes("*")),
                [],
                project.metadata.name,
            );
        }
    });

    it("keeps teams off the hub and within namespaces they name", async () => {
        const { destinations, clusterResourceWhitelist } = await spec("apps");
        assert.deepEqual(
            destinations,
            ["echo", "podinfo"].map((namespace) => ({ server: `!${inClusterServer}`, namespace })),
        );
        assert.deepEqual(
            clusterResourceWhitelist,
            ["echo", "podinfo"].map((name) => ({ group: "", kind: "Namespace", name })),
        );
    });

    it("gives a team's groups a role each, for the team's own Applications only", async () => {
        const { roles } = await spec("apps");
        assert.deepEqual(roles, [
            {
                name: "developer",
                policies: [
                    "p, proj:apps:developer, applications, get, apps/*, allow",
                    "p, proj:apps:developer, applications, sync, apps/*, allow",
                    "p, proj:apps:developer, logs, get, apps/*, allow",
                ],
                groups: ["team-apps"],
            },
            {
                name: "viewer",
                policies: ["p, proj:apps:viewer, applications, get, apps/*, allow"],
                groups: ["team-apps-viewers"],
            },
        ]);
        for (const name of ["default", "groups", "platform"]) {
            assert.equal((await spec(name)).roles, undefined, name);
        }
    });

    it("lets the roots of the groups create Applications and nothing else", async () => {
        const { sourceRepos, destinations, clusterResourceWhitelist, namespaceResourceWhitelist } =
            await spec("groups");
        assert.deepEqual(
            { sourceRepos, destinations, clusterResourceWhitelist, namespaceResourceWhitelist },
            {
                sourceRepos: [git.url],
                destinations: [{ server: inClusterServer, namespace: "argocd" }],
                clusterResourceWhitelist: [],
                namespaceResourceWhitelist: [{ group: "argoproj.io", kind: "Application" }],
            },
        );
    });

    it("lets the platform deploy the upstream charts to the hub", async () => {
        const { sourceRepos, destinations } = await spec("platform");
        assert.deepEqual(sourceRepos, [git.url, ...charts]);
        assert.deepEqual(
            destinations.map(({ server }) => server),
            [inClusterServer, inClusterServer],
        );
    });

    const team = (more: object) => ({ teams: { extra: { description: "x", namespaces: ["shop"], ...more } } });
    const refused: [string, Record<string, unknown>, RegExp][] = [
        ["a team in a namespace of the platform", team({ namespaces: ["argocd"] }), /namespaces/],
        ["a team in a namespace of Kubernetes", team({ namespaces: ["kube-system"] }), /namespaces/],
        ["a namespace by pattern", team({ namespaces: ["*"] }), /namespaces/],
        ["a repository by pattern", team({ sourceRepos: ["https://github.com/*"] }), /sourceRepos/],
        ["a group that would end a line of the policy", team({ groups: { viewers: ["a, role:admin"] } }), /viewers/],
        ["a role that there is not", team({ groups: { admins: ["a"] } }), /admins/],
        ["a team called like a project of the platform", { teams: { platform: {} } }, /platform/],
        ["an unknown value", { team: {} }, /team/],
    ];
    for (const [title, values, message] of refused) {
        it(`refuses ${title}`, async () => {
            await assert.rejects(projects(values), message);
        });
    }
});
