/** Where a chart comes from, at an exact version: an HTTP repository, an OCI registry (`oci://…`), or a folder. */
export type ChartLocation = { version: string } & ({ repository: string } | { path: string });

/** The chart part of a Helm release's arguments. */
export interface ChartSource {
    chart: string;
    repositoryOpts?: { repo: string };
}

/**
 * Helm names a chart of an HTTP repository apart from it, one of an OCI registry by its full address, and one on this
 * machine by its folder.
 */
export function chartSource(location: ChartLocation, name: string): ChartSource {
    if ("path" in location) {
        return { chart: location.path };
    }
    const { repository } = location;
    return repository.startsWith("oci://")
        ? { chart: `${repository.replace(/\/+$/, "")}/${name}` }
        : { chart: name, repositoryOpts: { repo: repository } };
}
