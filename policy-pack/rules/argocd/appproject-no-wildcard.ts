import { argocdDocs } from "../../rule/frameworks.ts";
import { resourceRule } from "../../rule/resource-rule.ts";
import { appProject } from "../../rule/tokens.ts";
import { list, map, text, texts } from "../../rule/values.ts";

/** A project says what may be deployed, from where and to where. */
export const appprojectNoWildcard = resourceRule(
    {
        name: "appproject-no-wildcard",
        description: "Name repositories, destinations and cluster-wide kinds in each AppProject.",
        severity: "high",
        framework: argocdDocs("user-guide/projects", "Projects"),
        why: "With `*` whoever may write an Application of the project is the administrator of every cluster.",
        remediationSteps: "List sourceRepos, destinations and clusterResourceWhitelist by name.",
        bad: { type: appProject, props: { spec: { sourceRepos: ["*"], destinations: [] } } },
        good: {
            type: appProject,
            props: {
                spec: {
                    sourceRepos: ["https://git.example.com/a.git"],
                    destinations: [{ server: "https://a", namespace: "b" }],
                },
            },
        },
    },
    [appProject],
    ({ props, fail }) => {
        const spec = map(props["spec"]);
        for (const property of ["sourceRepos", "sourceNamespaces"]) {
            if (texts(spec[property]).includes("*")) {
                fail(`${property} admits everything. Fix: list them.`);
            }
        }
        for (const destination of list(spec["destinations"]).map(map)) {
            const cluster = [text(destination["server"]), text(destination["name"])];
            if (cluster.includes("*") || text(destination["namespace"]) === "*") {
                fail("destinations admits every cluster or namespace. Fix: list them.");
            }
        }
        for (const kind of list(spec["clusterResourceWhitelist"]).map(map)) {
            if (kind["group"] === "*" || kind["kind"] === "*") {
                fail("clusterResourceWhitelist admits every kind. Fix: list them.");
            }
        }
    },
);
