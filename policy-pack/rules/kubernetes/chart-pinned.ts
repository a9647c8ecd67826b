import { argocdDocs } from "../../rule/frameworks.ts";
import { resourceRule } from "../../rule/resource-rule.ts";
import { chart, release } from "../../rule/tokens.ts";
import { map, text } from "../../rule/values.ts";

/** A chart is one version, from a place that nobody in between can change. */
export const chartPinned = resourceRule(
    {
        name: "chart-pinned",
        description: "Pin charts to one version, from an https or oci repository.",
        severity: "high",
        framework: argocdDocs("user-guide/best_practices", "Ensuring manifests are truly immutable"),
        why: "A range installs what its repository offers that day; over http whoever is in between chooses.",
        remediationSteps: "Set version to the exact version and repositoryOpts.repo to an https:// or oci:// address.",
        bad: {
            type: release,
            props: {
                chart: "argo-cd",
                version: ">=10",
                repositoryOpts: { repo: "https://argoproj.github.io/argo-helm" },
            },
        },
        good: {
            type: release,
            props: {
                chart: "argo-cd",
                version: "10.9.0",
                repositoryOpts: { repo: "https://argoproj.github.io/argo-helm" },
            },
        },
    },
    [release, chart],
    ({ props, fail }) => {
        const name = text(props["chart"]);
        const repository = text(map(props["repositoryOpts"])["repo"]);
        const local = repository === "" && /^[./]/.test(name);
        if (local) {
            return;
        }
        if (!/^v?\d+\.\d+\.\d+(?:[-+][\w.+-]+)?$/.test(text(props["version"]))) {
            fail(
                `version ${JSON.stringify(props["version"] ?? null)} is not one version. Fix: set version to it, as in 10.9.0.`,
            );
        }
        const address = repository === "" ? name : repository;
        // Nobody is between two ends of a connection to this very machine.
        if (!/^(?:https|oci):\/\/|^http:\/\/(?:127\.0\.0\.1|localhost|\[::1\])[:/]/.test(address)) {
            fail("its repository can be changed on the way. Fix: use https:// or oci://.");
        }
    },
);
