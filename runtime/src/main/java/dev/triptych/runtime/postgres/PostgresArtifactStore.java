package dev.triptych.runtime.postgres;

import dev.triptych.store.models.ArtifactStore;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import javax.sql.DataSource;

/** Artifacts as rows of one table, so that the journal's backup is the registry's too. */
public final class PostgresArtifactStore implements ArtifactStore {

    /** A row's hard limit in PostgreSQL is 1 GiB. */
    private static final int BYTES_MAX = 512 * 1024 * 1024;

    private final DataSource database;
    private final Executor executor;

    /** @param executor runs the statements, which block */
    public PostgresArtifactStore(DataSource database, Executor executor) {
        this.database = database;
        this.executor = executor;
    }

    @Override
    public CompletionStage<String> put(byte[] artifact) {
        if (artifact.length == 0 || artifact.length > BYTES_MAX) {
            throw new IllegalArgumentException(
                    "artifact: " + artifact.length + " bytes (expected: 1 to " + BYTES_MAX + ")");
        }
        return CompletableFuture.supplyAsync(
                () -> {
                    String hash = hash(artifact);
                    try (var connection = database.getConnection();
                            var insert = connection.prepareStatement(
                                    "INSERT INTO artifact (hash, bytes) VALUES (?, ?) ON CONFLICT DO NOTHING")) {
                        insert.setString(1, hash);
                        insert.setBytes(2, artifact);
                        insert.executeUpdate();
                        return hash;
                    } catch (SQLException e) {
                        throw new CompletionException("The artifact could not be stored: " + e.getMessage(), e);
                    }
                },
                executor);
    }

    @Override
    public CompletionStage<Optional<byte[]>> get(String hash) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try (var connection = database.getConnection();
                            var select = connection.prepareStatement("SELECT bytes FROM artifact WHERE hash = ?")) {
                        select.setString(1, hash);
                        try (var rows = select.executeQuery()) {
                            return rows.next() ? Optional.of(checked(hash, rows.getBytes(1))) : Optional.empty();
                        }
                    } catch (SQLException e) {
                        throw new CompletionException("The artifact could not be read: " + e.getMessage(), e);
                    }
                },
                executor);
    }

    private static byte[] checked(String hash, byte[] artifact) {
        if (!hash(artifact).equals(hash)) {
            throw new IllegalStateException("Artifact " + hash + " was changed: its bytes have another hash");
        }
        return artifact;
    }

    private static String hash(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
