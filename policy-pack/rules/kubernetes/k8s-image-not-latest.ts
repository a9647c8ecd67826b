import { eksGuide } from "../../rule/frameworks.ts";
import { resourceRule } from "../../rule/resource-rule.ts";
import { list, map, text } from "../../rule/values.ts";

const workload = /^kubernetes:(?:apps|batch|core)\/v1:(?:Deployment|StatefulSet|DaemonSet|ReplicaSet|Job|CronJob|Pod)$/;

interface Settings {
    requireDigest: boolean;
}

/** What runs is what was tested. */
export const k8sImageNotLatest = resourceRule<Settings>(
    {
        name: "k8s-image-not-latest",
        description: "Pin images to a tag other than latest, and in production to a digest.",
        severity: "medium",
        framework: eksGuide("image-security", "Use immutable tags"),
        why: "A tag that moves is other code at the next restart of a pod, on some nodes and not on others.",
        remediationSteps: "Set image to <repository>:<tag>@sha256:<digest>.",
        settings: {
            requireDigest: { description: "Whether a tag is not enough.", type: "boolean", default: true },
        },
        bad: {
            type: "kubernetes:apps/v1:Deployment",
            props: { spec: { template: { spec: { containers: [{ name: "a", image: "nginx:latest" }] } } } },
        },
        good: {
            type: "kubernetes:apps/v1:Deployment",
            props: {
                spec: {
                    template: { spec: { containers: [{ name: "a", image: `nginx:1.29@sha256:${"0".repeat(64)}` }] } },
                },
            },
        },
    },
    (type) => workload.test(type),
    ({ props, settings, fail }) => {
        for (const container of containers(map(props["spec"]))) {
            const image = text(container["image"]);
            const digest = /@sha256:[0-9a-f]{64}$/.test(image);
            const tag = /:([^/:@]+)(?:@|$)/.exec(image)?.[1];
            if (!digest && (tag === undefined || tag === "latest")) {
                fail(`${text(container["name"])} runs whatever ${image} is that day. Fix: name a tag and a digest.`);
            } else if (!digest && settings.requireDigest) {
                fail(`${text(container["name"])} runs ${image} without a digest. Fix: add @sha256:<digest>.`);
            }
        }
    },
);

/** The containers of a pod, of a workload's template, or of a CronJob's. */
function containers(spec: Record<string, any>): Record<string, any>[] {
    const template = map(map(map(spec["jobTemplate"])["spec"])["template"] ?? spec["template"])["spec"];
    const pod = template === undefined ? spec : map(template);
    return ["containers", "initContainers", "ephemeralContainers"].flatMap((kind) => list(pod[kind]).map(map));
}
