package dev.triptych.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * The folder that every node of a cluster sees: offline store, datasets, and what batch runs leave. Who may write which
 * file is decided elsewhere: it belongs to a segment, a dataset or a run, and those have one owner in the cluster.
 */
record SharedDirectory(Path root) {

    /**
     * Makes the folder where it is missing.
     *
     * @param cluster written into it
     * @param alone whether no other node may use the cluster's database, so that the folder is this node's own
     * @param othersAlive whether nodes of the cluster use it, so that it must be there already
     * @throws StartFailure if it is another cluster's, or not the one that the other nodes see
     */
    static SharedDirectory open(Path root, UUID cluster, boolean alone, boolean othersAlive) {
        Path file = root.resolve("cluster");
        try {
            Files.createDirectories(root);
            if (alone || !Files.exists(file)) {
                if (othersAlive) {
                    throw new StartFailure("triptych.shared: " + root + " (expected: the folder that the other nodes of"
                            + " the cluster see, with a file named cluster); set it with --shared.");
                }
                Files.writeString(file, cluster.toString());
            }
            String found = Files.readString(file).strip();
            if (!found.equals(cluster.toString())) {
                throw new StartFailure("triptych.shared: " + root + " is the folder of cluster " + found
                        + " (expected: that of cluster " + cluster + ", which the database belongs to); set it with"
                        + " --shared.");
            }
            return new SharedDirectory(root);
        } catch (IOException e) {
            throw new StartFailure("The shared directory " + root + " cannot be written: " + e.getMessage(), e);
        }
    }

    Path offline() {
        return root.resolve("offline");
    }

    Path datasets() {
        return root.resolve("datasets");
    }

    Path predictions() {
        return root.resolve("predictions");
    }

    /** Keys that were chosen for batch runs. */
    Path keys() {
        return root.resolve("keys");
    }
}
