/// Staged rows become visible: tables made and changed, rows merged, versions exchanged, and the
/// ledger written, in one transaction where the database allows it.
package dev.tapline.sink.jdbc.commit;
