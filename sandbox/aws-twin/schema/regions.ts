/** Regions of the partition `aws`. https://docs.aws.amazon.com/general/latest/gr/rande.html */
export const regions: readonly string[] = (
    "af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 " +
    "ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7 " +
    "ca-central-1 ca-west-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 " +
    "eu-west-3 il-central-1 me-central-1 me-south-1 mx-central-1 sa-east-1 us-east-1 us-east-2 us-west-1 us-west-2"
).split(" ");

/**
 * Availability zones of a region that the twin knows: a, b and c. Many regions have more or others; using one of
 * those is an error that says so.
 */
export function zones(region: string): { name: string; id: string }[] {
    const [area = "", direction = "", number = ""] = region.split("-");
    const short = direction.replace(/^(north|south)?(east|west)?(central)?$/, (_, ns = "", ew = "", c = "") =>
        [ns, ew, c].map((word: string) => word.slice(0, 1)).join(""),
    );
    return ["a", "b", "c"].map((letter, index) => ({
        name: `${region}${letter}`,
        id: `${area}${short}${number}-az${index + 1}`,
    }));
}
