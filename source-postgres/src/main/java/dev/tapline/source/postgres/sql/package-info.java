/// Quotes names and texts for SQL, and explains what the server says of a failed statement.
package dev.tapline.source.postgres.sql;
