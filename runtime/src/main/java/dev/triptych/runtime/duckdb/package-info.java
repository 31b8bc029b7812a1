/** SQL over files, and the Parquet files of the offline store: DuckDB lives here and nowhere else. */
@NullMarked
package dev.triptych.runtime.duckdb;

import org.jspecify.annotations.NullMarked;
