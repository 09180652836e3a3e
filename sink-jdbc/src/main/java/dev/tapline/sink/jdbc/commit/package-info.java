/// A checkpoint: tables are created and altered, staged rows merged, versions swapped, and the
/// ledger written, in one transaction where the database allows it.
package dev.tapline.sink.jdbc.commit;
