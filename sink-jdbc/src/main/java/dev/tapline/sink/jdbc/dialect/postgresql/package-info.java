/// PostgreSQL. Rows are loaded with COPY.
package dev.tapline.sink.jdbc.dialect.postgresql;
