package dev.tapline.sink.jdbc.staging;

import dev.tapline.sink.jdbc.table.TablePlanner;
import dev.tapline.spi.sink.GrowingClock;

/// How rows are staged.
///
/// @param planner makes the plans of tables
/// @param refuse what becomes of rows that the destination does not take
/// @param clock numbers rows
public record StagingConfig(TablePlanner planner, RejectedRowPolicy refuse, GrowingClock clock) {}
