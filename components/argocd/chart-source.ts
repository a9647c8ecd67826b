/** The chart part of a Helm release's arguments. */
export interface ChartSource {
    chart: string;
    repositoryOpts?: { repo: string };
}

/** Helm names a chart of an HTTP repository apart from it, and one of an OCI registry by its full address. */
export function chartSource(repository: string, name: string): ChartSource {
    return repository.startsWith("oci://")
        ? { chart: `${repository.replace(/\/+$/, "")}/${name}` }
        : { chart: name, repositoryOpts: { repo: repository } };
}
