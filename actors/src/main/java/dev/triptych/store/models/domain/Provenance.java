package dev.triptych.store.models.domain;

import dev.triptych.kernel.CborSerializable;
import java.util.Map;

/**
 * Where a version comes from: what is needed to make it again.
 *
 * @param runId the training run
 * @param datasetHash SHA-256 of the training dataset's contents
 * @param datasetRows rows in it
 * @param definitionHash SHA-256 of the system's definition
 * @param horizonTransaction the journal's horizon the dataset was frozen at
 * @param horizonOrdering the same
 * @param seed the one seed of split and trainer
 * @param trainer the trainer's kind
 * @param parameters the trainer's parameters, defaults included
 * @param libraries versions of what trained it, by name
 */
public record Provenance(
        String runId,
        String datasetHash,
        long datasetRows,
        String definitionHash,
        long horizonTransaction,
        long horizonOrdering,
        long seed,
        String trainer,
        Map<String, String> parameters,
        Map<String, String> libraries)
        implements CborSerializable {
    public Provenance {
        parameters = Map.copyOf(parameters);
        libraries = Map.copyOf(libraries);
    }
}
