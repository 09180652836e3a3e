/// Decodes the messages of `pgoutput`.
package dev.tapline.source.postgres.replication.pgoutput;
