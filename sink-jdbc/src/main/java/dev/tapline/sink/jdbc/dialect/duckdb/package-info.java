/// DuckDB. Rows are loaded with its appender.
package dev.tapline.sink.jdbc.dialect.duckdb;
