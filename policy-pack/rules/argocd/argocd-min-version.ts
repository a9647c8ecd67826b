import { argocdDocs } from "../../rule/frameworks.ts";
import { resourceRule } from "../../rule/resource-rule.ts";
import { chart, release } from "../../rule/tokens.ts";
import { map, text } from "../../rule/values.ts";
import { isArgoCd } from "./argocd-values-hardened.ts";

interface Settings {
    minChart: string;
    minApp: string[];
}

/** Argo CD has no hole that is published. */
export const argocdMinVersion = resourceRule<Settings>(
    {
        name: "argocd-min-version",
        description: "Install a version of Argo CD without published holes.",
        severity: "critical",
        framework: argocdDocs("security advisories", "CVE-2026-42880, CVE-2026-45738"),
        why: "Read-only users see plaintext Secrets (CVE-2026-42880), and a link in an Application makes its reader's browser act (CVE-2026-45738).",
        remediationSteps: "Set fleet:argocd.chart.version to 10.0.0 or later, and no older global.image.tag.",
        settings: {
            minChart: {
                description: "Oldest chart.",
                type: "string",
                pattern: "^\\d+\\.\\d+\\.\\d+$",
                default: "10.0.0",
            },
            minApp: {
                description:
                    "Oldest version of Argo CD in each minor version that still gets fixes; newer minors are fine.",
                type: "array",
                items: { type: "string", pattern: "^\\d+\\.\\d+\\.\\d+$" },
                default: ["3.2.12", "3.3.10", "3.4.4"],
            },
        },
        bad: { type: release, props: { chart: "argo-cd", version: "7.1.0" } },
        good: { type: release, props: { chart: "argo-cd", version: "10.9.0" } },
    },
    [release, chart],
    ({ props, settings, fail, skip }) => {
        if (!isArgoCd(props)) {
            skip("is about releases of argo-cd");
        }
        const given = text(props["version"]);
        // A chart in a folder has the version of that folder, which chart-pinned leaves to Git.
        const version = numbers(given);
        if (version !== undefined && compare(version, numbers(settings.minChart) ?? []) < 0) {
            fail(
                `chart ${given} is older than ${settings.minChart}. Fix: set version to ${settings.minChart} or later.`,
            );
        }
        const tag = text(map(map(map(props["values"])["global"])["image"])["tag"]);
        if (tag !== "" && !isFixed(tag, settings.minApp)) {
            fail(`image tag ${tag} has published holes. Fix: take ${settings.minApp.join(", ")} or later.`);
        }
    },
);

function isFixed(tag: string, floors: readonly string[]): boolean {
    const version = numbers(tag);
    const known = floors.flatMap((floor) => [numbers(floor) ?? []]);
    const newest = known.reduce((a, b) => (compare(a, b) > 0 ? a : b), []);
    return (
        version !== undefined &&
        (compare(version.slice(0, 2), newest.slice(0, 2)) > 0 ||
            known.some(
                (floor) => compare(floor.slice(0, 2), version.slice(0, 2)) === 0 && compare(version, floor) >= 0,
            ))
    );
}

function numbers(version: string): number[] | undefined {
    return /^v?(\d+)\.(\d+)\.(\d+)/.exec(version)?.slice(1).map(Number);
}

function compare(a: readonly number[], b: readonly number[]): number {
    const length = Math.max(a.length, b.length);
    const at = Array.from({ length }, (_, index) => (a[index] ?? 0) - (b[index] ?? 0)).find((each) => each !== 0);
    return at ?? 0;
}
