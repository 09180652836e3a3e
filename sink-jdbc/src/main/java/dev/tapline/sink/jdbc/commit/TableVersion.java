package dev.tapline.sink.jdbc.commit;

import dev.tapline.sink.jdbc.table.TableLayout;
import java.util.List;
import java.util.Optional;

/// A version of a destination's table, as the ledger has it.
///
/// @param destination the name of the table that users see
/// @param version the number of the version
/// @param owner the pipeline that writes it
/// @param state how far it is
/// @param layout its columns
record TableVersion(
    String destination, long version, String owner, State state, TableLayout layout) {

  /// How far a version is. The names stand in the ledger.
  enum State {
    /// It is the table that users see.
    LIVE,
    /// Rows are loaded into it.
    LOADING,
    /// It is complete and has its key, but users do not see it yet.
    KEYED,
    /// It is about to take the place of the live one.
    NEXT
  }

  TableVersion with(State next) {
    return new TableVersion(destination, version, owner, next, layout);
  }

  TableVersion with(TableLayout next) {
    return new TableVersion(destination, version, owner, state, next);
  }

  /// The one of a table's versions that users see.
  static Optional<TableVersion> live(List<TableVersion> versions) {
    return versions.stream().filter(each -> each.state() == State.LIVE).findFirst();
  }

  /// A version that users do not see.
  static Optional<TableVersion> hidden(List<TableVersion> versions, long version) {
    return versions.stream()
        .filter(each -> each.state() != State.LIVE && each.version() == version)
        .findFirst();
  }
}
