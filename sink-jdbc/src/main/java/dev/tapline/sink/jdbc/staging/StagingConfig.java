package dev.tapline.sink.jdbc.staging;

import dev.tapline.sink.jdbc.dialect.api.Dialect;
import dev.tapline.sink.jdbc.table.TablePlanner;
import dev.tapline.spi.sink.GrowingClock;

/// How rows are validated and staged.
///
/// @param planner plans the tables
/// @param rejectedRows what happens to rows that the destination rejects
/// @param clock numbers rows
public record StagingConfig(
    TablePlanner planner, RejectedRowPolicy rejectedRows, GrowingClock clock) {

  /// A copy for another dialect.
  public StagingConfig with(Dialect dialect) {
    return new StagingConfig(planner.with(dialect), rejectedRows, clock);
  }

  /// Returns true if the rows of a full load go directly into the table of the new version.
  public boolean loadsDirectly() {
    return planner.dialect().traits().directLoad() && rejectedRows == RejectedRowPolicy.FAIL;
  }
}
