package dev.triptych.store.models.domain;

import dev.triptych.kernel.CborSerializable;

/** What can happen to a model in the registry. */
public sealed interface RegistryEvent extends CborSerializable {

    record VersionRegistered(ModelVersion version) implements RegistryEvent {}

    /**
     * @param alias for example {@code champion}
     * @param version where it points from now on
     * @param previous where it pointed; 0 if nowhere
     * @param by who moved it
     * @param reason why
     * @param atMicros UTC microseconds
     */
    record AliasMoved(String alias, int version, int previous, String by, String reason, long atMicros)
            implements RegistryEvent {}
}
