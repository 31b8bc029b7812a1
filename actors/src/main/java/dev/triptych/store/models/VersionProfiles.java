package dev.triptych.store.models;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import dev.triptych.store.models.domain.ModelVersion;
import dev.triptych.store.models.domain.profile.VersionProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Profiles of versions, kept as artifacts: tens of kilobytes, which would make every read of a model slow if they lay in
 * its events. CBOR, read for ever as events are.
 */
public final class VersionProfiles {

    private static final ObjectMapper CBOR = CBORMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private final ArtifactStore artifacts;

    public VersionProfiles(ArtifactStore artifacts) {
        this.artifacts = artifacts;
    }

    /** Stores the profile durably; the hash is what the version keeps of it. */
    public CompletionStage<String> put(VersionProfile profile) {
        return artifacts.put(encode(profile));
    }

    /** Empty for a version that was trained before profiles were kept. */
    public CompletionStage<Optional<VersionProfile>> of(ModelVersion version) {
        return version.profileHash().isEmpty()
                ? CompletableFuture.completedStage(Optional.empty())
                : artifacts.get(version.profileHash().get()).thenApply(bytes -> bytes.map(VersionProfiles::decode));
    }

    static byte[] encode(VersionProfile profile) {
        try {
            return CBOR.writeValueAsBytes(profile);
        } catch (IOException e) {
            throw new UncheckedIOException("a profile cannot be written: " + e.getMessage(), e);
        }
    }

    static VersionProfile decode(byte[] bytes) {
        try {
            return CBOR.readValue(bytes, VersionProfile.class);
        } catch (IOException e) {
            throw new UncheckedIOException("a profile cannot be read: " + e.getMessage(), e);
        }
    }
}
