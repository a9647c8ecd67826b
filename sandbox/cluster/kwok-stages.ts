import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { parse, stringify } from "yaml";
import { BAD_IMAGE, HOST_IMAGES } from "../kubelet/images.ts";

/** kwok's own stages, below `kustomize/stage/` of its source. */
const STAGES = {
    nodeInitialize: "node/fast/node-initialize.yaml",
    nodeHeartbeat: "node/heartbeat-with-lease/node-heartbeat-with-lease.yaml",
    podReady: "pod/fast/pod-ready.yaml",
    podComplete: "pod/fast/pod-complete.yaml",
    podDelete: "pod/fast/pod-delete.yaml",
};

interface MatchExpression {
    key: string;
    operator: "In" | "NotIn" | "Exists" | "DoesNotExist";
    values?: string[];
}

interface Stage {
    apiVersion: string;
    kind: string;
    metadata: { name: string };
    spec: { selector: { matchExpressions: MatchExpression[] }; [field: string]: unknown };
}

/**
 * The stages of a sandbox cluster, as one YAML file: kwok's own, except that
 * - pods that the sandbox runs as host processes are left alone, and
 * - an image whose tag starts with `bad` gives ImagePullBackOff and is never ready.
 * @param assets folder with kwok's `kustomize/stage`.
 */
export function kwokStages(assets: string): string {
    const load = (file: string): Stage => {
        const full = path.join(assets, "kustomize", "stage", file);
        if (!existsSync(full)) {
            throw new Error(
                `kwok's stage ${full} is missing: remove its folder in the tool cache to have it made again.`,
            );
        }
        return parse(readFileSync(full, "utf8"));
    };
    const stages = [
        load(STAGES.nodeInitialize),
        load(STAGES.nodeHeartbeat),
        where(load(STAGES.podReady), onHost("NotIn"), bad("NotIn")),
        where(load(STAGES.podComplete), onHost("NotIn")),
        where(load(STAGES.podDelete), onHost("NotIn")),
        badImageStage(),
    ];
    return stages.map((stage) => stringify(stage)).join("---\n");
}

function where(stage: Stage, ...expressions: MatchExpression[]): Stage {
    const matchExpressions = [...stage.spec.selector.matchExpressions, ...expressions];
    return { ...stage, spec: { ...stage.spec, selector: { matchExpressions } } };
}

function images(pattern: string): string {
    return `[.spec.containers.[].image | test(${JSON.stringify(pattern)})] | any`;
}

function bad(operator: "In" | "NotIn"): MatchExpression {
    return { key: `${images(BAD_IMAGE)} | tostring`, operator, values: ["true"] };
}

/** The same decision as `runsOnHost` of the kubelet. */
function onHost(operator: "In" | "NotIn"): MatchExpression {
    const host = Object.values(HOST_IMAGES).join("|");
    return { key: `((${images(host)}) and ((${images(BAD_IMAGE)}) | not)) | tostring`, operator, values: ["true"] };
}

/** One condition, as a line of a status template. */
function condition(type: string, status: string, reason?: string): string {
    const because = reason === undefined ? "" : `, reason: ${reason}`;
    return `- {type: ${type}, status: "${status}", lastTransitionTime: {{ $now | Quote }}${because}}`;
}

function badImageStage(): Stage {
    return {
        apiVersion: "kwok.x-k8s.io/v1alpha1",
        kind: "Stage",
        metadata: { name: "pod-bad-image" },
        spec: {
            resourceRef: { apiGroup: "v1", kind: "Pod" },
            selector: {
                matchExpressions: [
                    { key: ".metadata.deletionTimestamp", operator: "DoesNotExist" },
                    { key: ".status.phase", operator: "In", values: ["Pending"] },
                    { key: ".status.containerStatuses", operator: "DoesNotExist" },
                    bad("In"),
                ],
            },
            next: {
                statusTemplate: [
                    "{{ $now := Now }}",
                    "conditions:",
                    condition("Initialized", "True"),
                    condition("Ready", "False", "ContainersNotReady"),
                    condition("ContainersReady", "False", "ContainersNotReady"),
                    "containerStatuses:",
                    "{{ range .spec.containers }}",
                    "- image: {{ .image | Quote }}",
                    "  name: {{ .name | Quote }}",
                    "  ready: false",
                    "  restartCount: 0",
                    "  state:",
                    "    waiting:",
                    "      reason: ImagePullBackOff",
                    '      message: {{ printf "Back-off pulling image %s" .image | Quote }}',
                    "{{ end }}",
                    "phase: Pending",
                    "",
                ].join("\n"),
            },
        },
    };
}
