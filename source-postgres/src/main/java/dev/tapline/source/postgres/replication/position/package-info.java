/// Where streams stand in the log, and the split that carries that to a reader.
package dev.tapline.source.postgres.replication.position;
