/// Replication slots: creates, finds and describes them.
package dev.tapline.source.postgres.replication.slot;
