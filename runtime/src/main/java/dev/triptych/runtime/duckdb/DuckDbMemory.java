package dev.triptych.runtime.duckdb;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import org.duckdb.DuckDBConnection;

/**
 * What one DuckDB database in memory may use.
 *
 * @param mebibytes beyond which it spills to disk; outside of the Java heap
 * @param threads at most so many at work in a query
 * @param spill a folder for what does not fit; made when needed, emptied by DuckDB
 */
public record DuckDbMemory(int mebibytes, int threads, Path spill) {

    /** A database of its own, gone when its last connection is closed. */
    DuckDBConnection open() throws SQLException {
        var settings = new Properties();
        settings.setProperty("memory_limit", mebibytes + "MiB");
        settings.setProperty("threads", Integer.toString(threads));
        settings.setProperty("temp_directory", spill.toString());
        // Without it DuckDB 2.0 hands out the chunks of a sorted result in any order.
        settings.setProperty("preserve_insertion_order", "true");
        return (DuckDBConnection) DriverManager.getConnection("jdbc:duckdb:", settings);
    }
}
