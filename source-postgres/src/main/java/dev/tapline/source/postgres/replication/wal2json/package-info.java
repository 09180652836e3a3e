/// Decodes the messages of `wal2json`.
package dev.tapline.source.postgres.replication.wal2json;
