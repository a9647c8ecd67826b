/**
 * Images whose containers the sandbox runs for real, as regular expressions that JavaScript and Go (kwok's jq) read
 * alike. Which binary runs, and how, is in the workload tables.
 */
export const HOST_IMAGES = {
    argocd: "(^|/)argoproj/argocd(:|@|$)",
    "external-secrets": "(^|/)external-secrets/external-secrets(:|@|$)",
    redis: "(^|/)(redis|valkey)(:|@|$)",
} as const;

export type HostImage = keyof typeof HOST_IMAGES;

const NAMES: HostImage[] = ["argocd", "external-secrets", "redis"];

/** A tag that starts with `bad` stands for an image that cannot be pulled. */
export const BAD_IMAGE = ":bad[^/]*$";

/** Which of {@link HOST_IMAGES} this is; undefined for any other image, and for one that cannot be pulled. */
export function hostImage(image: string): HostImage | undefined {
    if (new RegExp(BAD_IMAGE).test(image)) {
        return undefined;
    }
    return NAMES.find((name) => new RegExp(HOST_IMAGES[name]).test(image));
}

/** Whether the sandbox runs this pod: one of its containers is a host image and all can be pulled. */
export function runsOnHost(images: readonly string[]): boolean {
    return !images.some((i) => new RegExp(BAD_IMAGE).test(i)) && images.some((i) => hostImage(i) !== undefined);
}
