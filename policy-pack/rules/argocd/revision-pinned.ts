import { argocdDocs } from "../../rule/frameworks.ts";
import { resourceRule } from "../../rule/resource-rule.ts";
import { application } from "../../rule/tokens.ts";
import { list, map, text } from "../../rule/values.ts";
import { matches } from "../../iam/pattern.ts";

interface Settings {
    allowed: string[];
}

/** An Application follows a revision that somebody decided on. */
export const revisionPinned = resourceRule<Settings>(
    {
        name: "revision-pinned",
        description: "Follow a commit, a tag, a chart version, or a branch that is listed.",
        severity: "medium",
        framework: argocdDocs("user-guide/tracking_strategies", "Tracking and deployment strategies"),
        why: "HEAD is whatever the default branch is that day: whoever may change it deploys.",
        remediationSteps: "Set targetRevision to a tag or commit, or list the branch in revision-pinned.allowed.",
        settings: {
            allowed: {
                description: "Branches that Applications may follow, as patterns.",
                type: "array",
                items: { type: "string", minLength: 1 },
                default: ["main"],
            },
        },
        bad: { type: application, props: { spec: { source: { repoURL: "https://a", targetRevision: "HEAD" } } } },
        good: { type: application, props: { spec: { source: { repoURL: "https://a", targetRevision: "v1.2.3" } } } },
    },
    [application],
    ({ props, settings, fail }) => {
        const spec = map(props["spec"]);
        const sources = [...list(spec["source"]), ...list(spec["sources"])].map(map);
        for (const revision of sources.map((source) => text(source["targetRevision"]))) {
            const pinned = /^[0-9a-f]{40}$/.test(revision) || /^v?\d+\.\d+\.\d+(?:[-+][\w.+-]+)?$/.test(revision);
            if (!pinned && !settings.allowed.some((pattern) => matches(pattern, revision))) {
                fail(`follows ${revision === "" ? "HEAD" : revision}. Fix: set targetRevision to a tag or commit.`);
            }
        }
    },
);
