/// SQLite.
package dev.tapline.sink.jdbc.dialect.sqlite;
