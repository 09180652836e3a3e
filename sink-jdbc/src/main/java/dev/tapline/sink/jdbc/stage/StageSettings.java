package dev.tapline.sink.jdbc.stage;

import dev.tapline.sink.jdbc.plan.Planner;

/// How rows are staged.
///
/// @param planner makes the plans of tables
/// @param refuse what becomes of rows that the destination does not take
public record StageSettings(Planner planner, RefusedRows refuse) {}
