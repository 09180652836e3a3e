/// Copies of whole tables: exported snapshots, the splits of tables, and scans by COPY.
package dev.tapline.source.postgres.snapshot;
