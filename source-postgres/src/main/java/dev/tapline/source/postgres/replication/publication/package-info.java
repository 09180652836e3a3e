/// The publications that pgoutput reads, and which tables and rows they include.
package dev.tapline.source.postgres.replication.publication;
