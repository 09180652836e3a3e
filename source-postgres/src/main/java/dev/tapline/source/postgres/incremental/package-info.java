/// Reading on by a replication key: its ordering, its positions, and what such positions rest on.
package dev.tapline.source.postgres.incremental;
