/// PostgreSQL, with rows by COPY.
package dev.tapline.sink.jdbc.postgres;
