package dev.tapline.sink.jdbc.stage;

import dev.tapline.sink.jdbc.plan.Planner;
import dev.tapline.spi.sink.GrowingClock;

/// How rows are staged.
///
/// @param planner makes the plans of tables
/// @param refuse what becomes of rows that the destination does not take
/// @param clock numbers rows
public record StageSettings(Planner planner, RefusedRows refuse, GrowingClock clock) {}
