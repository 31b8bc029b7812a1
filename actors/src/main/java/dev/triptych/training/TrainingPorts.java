package dev.triptych.training;

import dev.triptych.store.features.OfflineStore;
import dev.triptych.store.models.ArtifactStore;
import dev.triptych.store.models.ModelLoader;

/** What a training run needs from outside. */
public record TrainingPorts(
        OfflineStore offlineStore,
        DatasetSnapshots snapshots,
        ModelTrainer trainer,
        ModelLoader loader,
        ArtifactStore artifacts) {}
