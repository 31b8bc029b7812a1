package dev.triptych.runtime.duckdb;

import dev.triptych.definition.domain.KeySelection;
import dev.triptych.definition.domain.SourceDefinition;
import dev.triptych.feature.Extraction.UnreadableSourceException;
import dev.triptych.inference.SelectedKeys.UnselectableException;
import dev.triptych.store.features.domain.FeatureType;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.duckdb.DuckDBConnection;

/** A file of keys: the column that is named as the entity's key. */
final class KeyFile {

    private final DuckDBConnection connection;
    private final KeySelection.Listed listed;
    private final String keyColumn;

    KeyFile(DuckDBConnection connection, KeySelection.Listed listed, String keyColumn) {
        this.connection = connection;
        this.listed = listed;
        this.keyColumn = keyColumn;
    }

    /** @throws UnselectableException if the file cannot be read, lacks the column, or has a row without a key */
    void read(ChosenTable chosen) throws SQLException {
        var rejections = new Rejections();
        var source = new SourceDefinition.Files(
                listed.format(), List.of(listed.file()), Map.of(keyColumn, FeatureType.STRING), Optional.empty());
        try {
            new SourceTable(connection, source, rejections).load();
        } catch (UnreadableSourceException e) {
            throw new UnselectableException(String.valueOf(e.getMessage()));
        }
        if (rejections.count() > 0) {
            throw new UnselectableException(rejections.told().getFirst());
        }
        chosen.choose("SELECT " + SqlQuotes.identifier(keyColumn) + " FROM source");
        if (chosen.lacksAKey()) {
            throw new UnselectableException(
                    listed.file().getFileName() + ": a row has no " + keyColumn + " (expected: a key in each row)");
        }
    }
}
