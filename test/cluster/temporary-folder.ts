import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** A fresh folder for each test of the suite that calls this; removed after it. */
export function temporaryFolder(): () => string {
    let folder = "";
    beforeEach(() => {
        folder = mkdtempSync(path.join(realpathSync(tmpdir()), "fleet-test-"));
    });
    afterEach(() => rmSync(folder, { recursive: true, force: true }));
    return () => folder;
}
